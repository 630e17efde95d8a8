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

/// How long an operation may take. Always greater than zero. Keeps the text that it was parsed from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OperationTimeout {
    text: String,
    duration: Duration,
}

impl OperationTimeout {
    /// How long.
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
        match parse(&text) {
            Some(duration) if !duration.is_zero() => Ok(Self { text, duration }),
            _ => Err(Invalid::new(
                "Invalid duration",
                format!(
                    "{text:?} is not a duration. Expected a positive number with its unit, or several of them, such \
                     as \"30m\" or \"1h30m\". Units are h, m, s and ms."
                ),
            )),
        }
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// Reads a duration as Go's `time.ParseDuration` does; negative ones are `None`.
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
        sum = sum.checked_add(multiple(number, *nanoseconds)?)?;
        if after.is_empty() {
            return Some(sum);
        }
        rest = after;
    }
}

/// A decimal number of a unit. Fractions are cut at the nanosecond.
fn multiple(number: &str, nanoseconds: u64) -> Option<Duration> {
    const FRACTION_DIGITS: usize = 15;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<u64>().ok() };
    let whole = digits(whole)?.checked_mul(nanoseconds)?;
    let fraction = fraction.get(..fraction.len().min(FRACTION_DIGITS))?;
    let scale = 10u128.pow(u32::try_from(fraction.len()).ok()?);
    let part = u128::from(digits(fraction)?) * u128::from(nanoseconds) / scale;
    Some(Duration::from_nanos(whole.checked_add(u64::try_from(part).ok()?)?))
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
        for text in ["", "30", "m", "-5m", "30 m", "1h30", "1x", ".s", "1..5s", "99999999999999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn rejects_zero_timeouts() {
        let invalid = OperationTimeout::from_value(&"0s".into()).expect_err("no time at all");

        assert_eq!(invalid.summary, "Invalid duration");
    }
}
