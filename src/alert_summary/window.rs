//! The time window before now whose alerts the data source counts.

use std::time::Duration;

use crate::framework::{AttributeValue, Invalid, Shape, Value};
use crate::log_analytics::{InvalidTimeRange, IsoDuration};

/// An ISO 8601 duration from one minute to 730 days, without years and months.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Window(IsoDuration);

/// Log Analytics keeps the rows of tables such as `SecurityAlert` for queries for two years at most.
const MAX_LENGTH: Duration = Duration::from_secs(730 * 24 * 60 * 60);

const MIN_LENGTH: Duration = Duration::from_secs(60);

impl Window {
    /// Seven days.
    pub(super) fn default_value() -> Self {
        Self(IsoDuration::parse("P7D").expect("invariant: it is a duration"))
    }

    /// The length.
    pub(super) const fn length(&self) -> Duration {
        self.0.length()
    }

    /// The literal in the Kusto Query Language.
    pub(super) fn literal(&self) -> String {
        self.0.literal()
    }
}

impl AttributeValue for Window {
    fn shape() -> Shape {
        IsoDuration::shape()
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let out_of_range = || {
            let detail = format!("The window is {text:?}. Expected from \"PT1M\" (1 minute) to \"P730D\" (730 days).");
            Invalid::new("The window is too short or too long", detail)
        };
        let duration = match IsoDuration::parse(&text) {
            Err(InvalidTimeRange::Empty | InvalidTimeRange::TooLong) => return Err(out_of_range()),
            _ => IsoDuration::from_value(value)?,
        };
        if duration.has_calendar_units() {
            let detail = format!(
                "{text:?} contains years or months, whose length varies. Expected weeks, days, hours or minutes, for example \
                 \"P30D\"."
            );
            return Err(Invalid::new("The window has no fixed length", detail));
        }
        if !(MIN_LENGTH..=MAX_LENGTH).contains(&duration.length()) {
            return Err(out_of_range());
        }
        Ok(Self(duration))
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_a_fixed_length_within_limits() {
        for (text, expected) in [("PT1M", Some("1m")), ("P2W", Some("14d")), ("P730D", Some("730d"))] {
            assert_eq!(Window::from_value(&text.into()).ok().map(|window| window.literal()).as_deref(), expected);
        }
        for (text, problem) in [
            ("P1M", "no fixed length"),
            ("P1Y", "no fixed length"),
            ("P0D", "too short or too long"),
            ("PT59S", "too short or too long"),
            ("P99999999999999999999D", "too short or too long"),
            ("P731D", "too short or too long"),
            ("7d", "Not an ISO 8601 duration"),
        ] {
            let invalid = Window::from_value(&text.into()).expect_err(text);
            assert!(invalid.summary.contains(problem), "{text}: {}", invalid.summary);
        }
    }
}
