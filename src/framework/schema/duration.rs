//! Durations in Go's syntax, which Terraform uses: `30m`, `1h30m`, `1.5h`, `500ms`.

use std::time::Duration;

use super::attribute_value::AttributeValue;
use super::invalid::Invalid;
use super::spec::Shape;
use crate::framework::value::{Type, Value};

const NANOSECONDS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("h", 3_600 * 1_000_000_000),
];

/// The maximum timeout. Adding it to the current time never overflows.
const MAX_TIMEOUT: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// The timeout of an operation: a duration greater than zero, with the text that it was parsed from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OperationTimeout {
    text: String,
    duration: Duration,
}

impl OperationTimeout {
    /// The duration.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }
}

impl AttributeValue for OperationTimeout {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let invalid = |problem: &str| {
            let detail = format!(
                "{text:?} {problem}. Expected a positive number with its unit, or several of them, such as \"30m\" or \
                 \"1h30m\". Units are h, m, s and ms."
            );
            Invalid::new("Invalid duration", detail)
        };
        let positive = text.strip_prefix('-').unwrap_or(&text);
        match parse(positive) {
            Some(duration) if duration.is_zero() || positive.len() < text.len() => {
                Err(invalid("must be longer than zero"))
            }
            Some(duration) if duration > MAX_TIMEOUT => Err(invalid("is longer than 10 years")),
            Some(duration) => Ok(Self { text, duration }),
            None => Err(invalid("is not a duration")),
        }
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// Parses a duration like Go's `time.ParseDuration`. Returns `None` for invalid and negative durations.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut sum = Duration::ZERO;
    loop {
        let number_length = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, after) = rest.split_at(number_length);
        let unit_length = after.find(|character: char| character.is_ascii_digit() || character == '.');
        let (unit, after) = after.split_at(unit_length.unwrap_or(after.len()));
        let (_, nanoseconds) = NANOSECONDS.iter().find(|(name, _)| *name == unit)?;
        sum = sum.saturating_add(multiple(number, *nanoseconds)?);
        if after.is_empty() {
            return Some(sum);
        }
        rest = after;
    }
}

/// Multiplies a decimal number with a unit. Truncates fractions of a nanosecond, and saturates at about five centuries.
fn multiple(number: &str, nanoseconds: u64) -> Option<Duration> {
    const FRACTION_DIGITS: usize = 15;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // The text consists of digits, so parsing fails only if the number is too large.
    let digits = |text: &str| if text.is_empty() { 0 } else { text.parse::<u64>().unwrap_or(u64::MAX) };
    let whole = digits(whole).saturating_mul(nanoseconds);
    let fraction = fraction.get(..fraction.len().min(FRACTION_DIGITS))?;
    let scale = 10u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = u128::from(digits(fraction)) * u128::from(nanoseconds) / scale;
    Some(Duration::from_nanos(whole.saturating_add(u64::try_from(part).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_durations_like_go() {
        for (text, milliseconds) in [
            ("30m", 1_800_000),
            ("1h30m", 5_400_000),
            ("1.5h", 5_400_000),
            ("2m0.5s", 120_500),
            ("500ms", 500),
            (".5s", 500),
            ("+1s", 1_000),
            ("1000us", 1),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn rejects_invalid_durations() {
        for text in ["", "30", "m", "-5m", "30 m", "1h30", "1x", ".s", "1..5s", "1.5.5s"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn rejects_timeouts_out_of_range() {
        for (text, problem) in [
            ("0s", "must be longer than zero"),
            ("0", "must be longer than zero"),
            ("-5m", "must be longer than zero"),
            ("87601h", "is longer than 10 years"),
            ("99999999999999999999h9999999h", "is longer than 10 years"),
            ("5", "is not a duration"),
            ("PT5M", "is not a duration"),
        ] {
            let invalid = OperationTimeout::from_value(&text.into()).expect_err(text);
            assert!(invalid.detail.starts_with(&format!("{text:?} {problem}.")), "{}", invalid.detail);
        }
        assert!(OperationTimeout::from_value(&"87600h".into()).is_ok());
    }
}
