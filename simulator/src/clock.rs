//! The simulator's clock, and times as documents write them.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// A clock that starts at the system time and advances with Tokio's clock. A test that pauses Tokio's clock also pauses
/// this one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started_at: OffsetDateTime,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started_at: OffsetDateTime::now_utc(), started: Instant::now() }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.started_at + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A time as ARM prints it: `2026-01-15T09:30:00.1234567Z`.
pub(crate) fn iso(time: OffsetDateTime) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    time.format(format).expect("invariant: every time has these components")
}

/// Parses a time in a document or in a world file.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}
