//! Logs as Terraform and OpenTofu read them: hclog's JSON, one object a line, on stderr.
//!
//! Off unless `TF_LOG`, `TF_LOG_PROVIDER` or `TF_LOG_PROVIDER_<NAME>` turns them on. Of other crates only warnings and
//! errors are let through: their chatter could hold what must never be in a log.

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

/// The crate whose targets are ours.
const OURS: &str = env!("CARGO_CRATE_NAME");

/// Sends what is traced to stderr, at the level that the environment sets for the provider `name`, and panics too.
pub fn install(name: &'static str) {
    panic::set_hook(Box::new(move |panic| write(Level::ERROR, name, &panic.to_string())));

    let level = level::from_environment(name, |variable| std::env::var(variable).ok());
    if level == LevelFilter::OFF {
        return;
    }
    let targets = Targets::new().with_target(OURS, level).with_default(level.min(LevelFilter::WARN));
    // A second call, in a test for example, keeps what the first one set up.
    let _ = tracing_subscriber::registry().with(layer::Hclog::new(name).with_filter(targets)).try_init();
}

/// Writes one line whatever the level is: for what must be said before, or in spite of, all set-up.
pub fn write(level: Level, module: &str, message: &str) {
    Line { level, module, message, fields: serde_json::Map::new() }.write(OffsetDateTime::now_utc());
}

impl Line<'_> {
    /// Puts the line on stderr in one piece. There is nowhere to report it if stderr is gone.
    fn write(self, now: OffsetDateTime) {
        let _ = io::stderr().lock().write_all(self.into_json(now).as_bytes());
    }
}
