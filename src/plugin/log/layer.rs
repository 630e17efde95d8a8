//! From tracing's events and spans to log lines: an event carries the fields of the spans it is in.

use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::OURS;
use super::line::Line;

/// Writes events to stderr.
#[derive(Debug)]
pub(super) struct Hclog {
    /// What our own modules are called in `@module`.
    name: &'static str,
}

/// What is known of an event or a span.
#[derive(Clone, Debug, Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Hclog {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// `sentinel.azure.http` for our module `azure::http`; another crate's module under its own name.
    fn module(&self, target: &str) -> String {
        match target.strip_prefix(OURS) {
            Some(module) => format!("{}{}", self.name, module.replace("::", ".")),
            None => target.replace("::", "."),
        }
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Hclog {
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
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.others.extend(of_span.others.clone());
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        let Fields { message, others } = fields;
        Line { level: *metadata.level(), module: &self.module(metadata.target()), message: &message, fields: others }
            .write(OffsetDateTime::now_utc());
    }
}

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        self.others.insert(field.name().to_owned(), value.into());
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
    fn modules_carry_the_providers_name() {
        let layer = Hclog::new("sentinel");
        assert_eq!(layer.module(&format!("{OURS}::azure::http")), "sentinel.azure.http");
        assert_eq!(layer.module("rustls::conn"), "rustls.conn");
    }
}
