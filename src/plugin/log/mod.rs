//! Logging for Terraform and OpenTofu: hclog's JSON format on stderr, one object per line.
//!
//! Logging is disabled unless `TF_LOG`, `TF_LOG_PROVIDER` or `TF_LOG_PROVIDER_<NAME>` is set. Other crates log only
//! warnings and errors, because their debug output may contain secrets.

mod layer;
mod level;
mod line;

use std::io::{self, Write};
use std::panic;

use time::OffsetDateTime;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use line::Line;

/// The first part of this crate's tracing targets.
const OWN_CRATE: &str = env!("CARGO_CRATE_NAME");

/// Logs tracing events to stderr, at the level that the environment sets for the provider `name`, and all panics.
pub fn install(name: &'static str) {
    panic::set_hook(Box::new(move |panic| write(Level::ERROR, name, &panic.to_string())));

    let level = level::from_environment(name, |variable| std::env::var(variable).ok());
    if level == LevelFilter::OFF {
        return;
    }
    let targets = Targets::new().with_target(OWN_CRATE, level).with_default(level.min(LevelFilter::WARN));
    // A second call, for example in a test, does not replace the first subscriber.
    let _ = tracing_subscriber::registry().with(layer::HclogLayer::new(name).with_filter(targets)).try_init();
}

/// Writes one line at any log level.
pub fn write(level: Level, module: &str, message: &str) {
    Line { level, module, message, fields: serde_json::Map::new() }.write(OffsetDateTime::now_utc());
}

impl Line<'_> {
    /// Writes the line with one write. Ignores errors, because a closed stderr cannot be reported.
    fn write(self, now: OffsetDateTime) {
        let _ = io::stderr().lock().write_all(self.into_json(now).as_bytes());
    }
}
