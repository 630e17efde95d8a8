//! The simulator's clock: real time plus what tests have advanced it by.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// The time in the simulated Azure, `offset` seconds ahead of the machine's.
pub(crate) fn now(offset_seconds: i64) -> OffsetDateTime {
    OffsetDateTime::now_utc() + Duration::seconds(offset_seconds)
}

/// A time as ARM prints it: `2026-01-15T09:30:00.1234567Z`.
pub(crate) fn iso(time: OffsetDateTime) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    time.format(format).expect("invariant: every time has these components")
}

/// A time read from a document or the world file.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}
