//! ISO 8601 durations, such as `P7D` and `PT12H`.

use std::time::Duration;

use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// A positive ISO 8601 duration. Keeps the text that it was parsed from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IsoDuration {
    text: String,
    length: Duration,
    has_calendar_units: bool,
}

/// The units before and after the `T`, in order, with their lengths in seconds. Log Analytics uses .NET's lengths of
/// years and months.
const DATE_UNITS: [(char, u64); 4] = [('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)];
const TIME_UNITS: [(char, u64); 3] = [('H', HOUR), ('M', MINUTE), ('S', 1)];

const DAY: u64 = 24 * HOUR;
const HOUR: u64 = 60 * MINUTE;
const MINUTE: u64 = 60;

/// The longest duration. Log Analytics uses .NET's times, which begin in the year 1.
const LONGEST: Duration = Duration::from_secs(2000 * 365 * DAY);

/// The shortest duration, a .NET tick. Log Analytics treats a shorter duration as zero.
const SHORTEST: Duration = Duration::from_nanos(100);

/// Why a text is not a valid time range.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum InvalidTimeRange {
    /// The text is not ISO 8601, for this reason.
    Malformed(String),
    /// The duration is zero, or the interval does not end after its start.
    Empty,
    /// The duration is longer than 2000 years, or the interval is not within the years 1 to 9999.
    TooLong,
}

impl InvalidTimeRange {
    fn malformed(problem: impl Into<String>) -> Self {
        Self::Malformed(problem.into())
    }

    /// The error for an attribute that expects `what`, such as `example`.
    pub(super) fn invalid(self, text: &str, what: &str, example: &str) -> Invalid {
        let example = format!("Expected {example}.{}", suggestion(text));
        match self {
            Self::Malformed(problem) => {
                Invalid::new(format!("Not {what}"), format!("{text:?} is not {what}: {problem}. {example}"))
            }
            Self::Empty => {
                let problem = if text.contains('/') { "does not end after its start" } else { "is a duration of zero" };
                let detail = format!("{text:?} {problem}. The time range must be longer than zero. {example}");
                Invalid::new("The time range is empty", detail)
            }
            Self::TooLong => {
                let detail = format!(
                    "{text:?} is too long for Log Analytics. A duration can have at most 2000 years, and an interval must be \
                     within the years 1 to 9999. A workspace keeps rows for at most 12 years. {example}"
                );
                Invalid::new("The time range is too long", detail)
            }
        }
    }
}

impl IsoDuration {
    /// Parses a duration.
    ///
    /// # Errors
    /// The text is not a valid duration.
    pub fn parse(text: &str) -> Result<Self, InvalidTimeRange> {
        let period = text.strip_prefix('P').ok_or_else(|| InvalidTimeRange::malformed("it does not begin with P"))?;
        let (days, time) = period.split_once('T').map_or((period, None), |(days, time)| (days, Some(time)));
        if time.is_some_and(str::is_empty) {
            return Err(InvalidTimeRange::malformed("nothing follows the T"));
        }
        if days.is_empty() && time.is_none() {
            return Err(InvalidTimeRange::malformed("nothing follows the P"));
        }
        let date = sum(days, &DATE_UNITS)?;
        let time = time.map_or(Ok(Duration::ZERO), |time| sum(time, &TIME_UNITS))?;
        let length = date.checked_add(time).filter(|length| *length <= LONGEST).ok_or(InvalidTimeRange::TooLong)?;
        if length < SHORTEST {
            return Err(InvalidTimeRange::Empty);
        }
        let has_calendar_units = days.contains(['Y', 'M']);
        Ok(Self { text: text.to_owned(), length, has_calendar_units })
    }

    /// The length. A year counts as 365 days, and a month as 30.
    #[must_use]
    pub const fn length(&self) -> Duration {
        self.length
    }

    /// Whether the duration contains years or months, whose length varies.
    #[must_use]
    pub const fn has_calendar_units(&self) -> bool {
        self.has_calendar_units
    }

    /// The text for Log Analytics, which does not support weeks.
    #[must_use]
    pub fn for_azure(&self) -> String {
        if self.text.contains('W') { format!("PT{}S", self.seconds()) } else { self.text.clone() }
    }

    /// The literal in the Kusto Query Language, for example `7d` or `90m`. Fractions of a second are dropped.
    #[must_use]
    pub fn literal(&self) -> String {
        let seconds = self.length.as_secs();
        let unit = [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')].into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit));
        let (unit, letter) = unit.filter(|_| seconds > 0).unwrap_or((1, 's'));
        format!("{}{letter}", seconds / unit)
    }

    fn seconds(&self) -> String {
        let (whole, nanoseconds) = (self.length.as_secs(), self.length.subsec_nanos());
        if nanoseconds == 0 { whole.to_string() } else { format!("{whole}.{nanoseconds:09}") }
    }
}

impl AttributeValue for IsoDuration {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let example = "a duration such as \"P7D\" (7 days), \"PT12H\" (12 hours) or \"P1DT30M\"";
        Self::parse(&text).map_err(|problem| problem.invalid(&text, "an ISO 8601 duration", example))
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// Suggests the ISO 8601 form of a duration in the notation of Go or the Kusto Query Language.
fn suggestion(text: &str) -> String {
    let (number, unit) = text.split_at(text.len() - text.chars().next_back().map_or(0, char::len_utf8));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let iso = match (is_number, unit) {
        (true, "d" | "w" | "D" | "W") => format!("P{number}{}", unit.to_ascii_uppercase()),
        (true, "h" | "m" | "s") => format!("PT{number}{}", unit.to_ascii_uppercase()),
        _ => return String::new(),
    };
    // A duration of zero is invalid in any notation.
    IsoDuration::parse(&iso).map(|_| format!(" Use {iso:?}.")).unwrap_or_default()
}

/// Adds up numbers with these units, each at most once and in this order. Seconds can have a fraction.
fn sum(mut text: &str, units: &[(char, u64)]) -> Result<Duration, InvalidTimeRange> {
    let mut sum = Duration::ZERO;
    for (unit, seconds) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_fraction = number.contains('.');
        if whole.is_empty()
            || !is_digits(whole)
            || !is_digits(fraction)
            || (has_fraction && (*unit != 'S' || !(1..=9).contains(&fraction.len())))
        {
            return Err(InvalidTimeRange::Malformed(format!("{number:?} before {unit} is not a whole number")));
        }
        let whole = whole.parse::<u64>().ok().and_then(|whole| whole.checked_mul(*seconds));
        let nanoseconds = format!("{fraction:0<9}").parse::<u32>().unwrap_or_default();
        let part = whole.map(|whole| Duration::new(whole, nanoseconds));
        sum = part.and_then(|part| sum.checked_add(part)).ok_or(InvalidTimeRange::TooLong)?;
        text = rest;
    }
    if text.is_empty() {
        Ok(sum)
    } else {
        Err(InvalidTimeRange::Malformed(format!("{text:?} is not a number with its unit in the order of ISO 8601")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> IsoDuration {
        IsoDuration::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
    }

    #[test]
    fn durations_have_a_length_and_a_literal() {
        for (text, seconds, literal) in [
            ("P7D", 604_800, "7d"),
            ("P1W", 604_800, "7d"),
            ("PT12H", 43_200, "12h"),
            ("P1DT12H", 129_600, "36h"),
            ("PT90M", 5_400, "90m"),
            ("PT1M30S", 90, "90s"),
            ("PT0H1S", 1, "1s"),
            ("P1Y2M3DT4H5M6S", 36_993_906, "36993906s"),
        ] {
            let duration = parsed(text);
            assert_eq!((duration.length().as_secs(), duration.literal().as_str()), (seconds, literal), "{text}");
        }
        assert_eq!(parsed("PT1.5S").length(), Duration::from_millis(1_500));
    }

    #[test]
    fn converts_weeks_to_seconds_for_azure() {
        assert_eq!(parsed("P2W").for_azure(), "PT1209600S");
        assert_eq!(parsed("P1DT0.5S").for_azure(), "P1DT0.5S");
    }

    #[test]
    fn rejects_an_invalid_duration() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "7d",
            "P1H",
            "PT1D",
            "P1D2Y",
            "P-1D",
            "P+1D",
            "-P1D",
            "P1.5D",
            "PT1.S",
            "PT.5S",
            "p7d",
            "P1DT",
            "P1D ",
            "P1D1D",
            "PT1.0000000001S",
        ] {
            assert!(matches!(IsoDuration::parse(text), Err(InvalidTimeRange::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn distinguishes_zero_from_too_long_durations() {
        for (text, expected) in [
            ("P0D", Err(InvalidTimeRange::Empty)),
            ("P0Y0M0DT0H0M0.0S", Err(InvalidTimeRange::Empty)),
            ("PT0.000000099S", Err(InvalidTimeRange::Empty)),
            ("PT0.0000001S", Ok(())),
            ("P2000Y", Ok(())),
            ("P2000YT1S", Err(InvalidTimeRange::TooLong)),
            ("P730001D", Err(InvalidTimeRange::TooLong)),
            ("P99999999999999999999D", Err(InvalidTimeRange::TooLong)),
            ("P18446744073709551615D", Err(InvalidTimeRange::TooLong)),
            ("PT18446744073709551615S", Err(InvalidTimeRange::TooLong)),
        ] {
            assert_eq!(IsoDuration::parse(text).map(|_| ()), expected, "{text}");
        }
        let zero = IsoDuration::from_value(&"PT0S".into()).expect_err("zero");
        assert_eq!(zero.summary, "The time range is empty");
        assert!(zero.detail.contains("must be longer than zero"), "{}", zero.detail);
    }

    #[test]
    fn suggests_the_iso_form_of_another_notation() {
        for (text, iso) in [("7d", "\"P7D\""), ("24h", "\"PT24H\""), ("30m", "\"PT30M\""), ("2w", "\"P2W\"")] {
            let invalid = IsoDuration::from_value(&text.into()).expect_err(text);
            assert!(invalid.detail.ends_with(&format!("Use {iso}.")), "{}", invalid.detail);
        }
        for text in ["a week", "0d"] {
            let invalid = IsoDuration::from_value(&text.into()).expect_err("no duration");
            assert!(invalid.detail.ends_with("\"P1DT30M\"."), "{}", invalid.detail);
        }
    }

    proptest! {
        #[test]
        fn parses_or_rejects_any_text(text in "\\PC{0,20}") {
            let _ = IsoDuration::from_value(&Value::from(text.as_str()));
        }

        #[test]
        fn parses_days_hours_and_minutes(days in 0_u64..4000, hours in 0_u64..24, minutes in 1_u64..60) {
            let duration = parsed(&format!("P{days}DT{hours}H{minutes}M"));
            prop_assert_eq!(duration.length().as_secs(), days * DAY + hours * HOUR + minutes * MINUTE);
        }
    }
}
