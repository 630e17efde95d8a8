//! A tracing layer that writes events as log lines, with the fields of their spans.

use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::OWN_CRATE;
use super::line::Line;

/// Writes events to stderr as hclog lines.
#[derive(Debug)]
pub(super) struct HclogLayer {
    /// The first part of `@module` for this crate's modules.
    provider: &'static str,
}

/// The message and fields of an event or a span.
#[derive(Clone, Debug, Default)]
struct Fields {
    message: String,
    fields: Map<String, Value>,
}

impl HclogLayer {
    pub(super) fn new(provider: &'static str) -> Self {
        Self { provider }
    }

    /// `sentinel.azure.http` for this crate's module `azure::http`, and the plain path for other crates.
    fn module(&self, target: &str) -> String {
        match target.strip_prefix(OWN_CRATE) {
            Some(module) => format!("{}{}", self.provider, module.replace("::", ".")),
            None => target.replace("::", "."),
        }
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for HclogLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(span_fields) = span.extensions().get::<Fields>() {
                fields.fields.extend(span_fields.fields.clone());
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        let Fields { message, fields } = fields;
        Line { level: *metadata.level(), module: &self.module(metadata.target()), message: &message, fields }
            .write(OffsetDateTime::now_utc());
    }
}

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.insert(field, text);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.insert(field, value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_modules_after_the_provider() {
        let layer = HclogLayer::new("sentinel");
        assert_eq!(layer.module(&format!("{OWN_CRATE}::azure::http")), "sentinel.azure.http");
        assert_eq!(layer.module("rustls::conn"), "rustls.conn");
    }
}
