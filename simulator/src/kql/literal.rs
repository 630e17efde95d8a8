//! Literals of all types, and the text formats of dates and timespans.

use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use super::value::{Type, Value};
use crate::clock;

/// Units of timespan literals, in seconds.
const UNITS: &[(&[&str], f64)] = &[
    (&["d", "day", "days"], 24.0 * HOUR),
    (&["h", "hr", "hrs", "hour", "hours"], HOUR),
    (&["m", "min", "minute", "minutes"], MINUTE),
    (&["s", "sec", "second", "seconds"], 1.0),
    (&["ms", "milli", "millis", "millisecond", "milliseconds"], 1e-3),
    (&["micro", "micros", "microsecond", "microseconds"], 1e-6),
    (&["tick", "ticks"], 1e-7),
];

const HOUR: f64 = 60.0 * MINUTE;
const MINUTE: f64 = 60.0;

/// Reads the text in the parentheses of a literal such as `int(7)`. None if it is not a value of the type.
pub(super) fn typed(kind: Type, text: &str) -> Option<Value> {
    let text = text.trim();
    match kind {
        _ if text == "null" => Some(kind.absent()),
        Type::Bool => Some(Value::Bool(match text {
            "true" => true,
            "false" => false,
            number => number.parse::<i32>().ok()? != 0,
        })),
        Type::Int => integer(text).filter(|value| i32::try_from(*value).is_ok()).map(Value::Long),
        Type::Long => integer(text).map(Value::Long),
        Type::Real => real(text).map(Value::Real),
        Type::String => Some(Value::String(text.to_owned())),
        Type::Guid => {
            let is_guid = text.len() == 36;
            uuid::Uuid::try_parse(text).ok().filter(|_| is_guid).map(|guid| Value::String(guid.to_string()))
        }
        Type::DateTime => date_time(text).map(Value::DateTime),
        Type::TimeSpan => timespan(text).map(Value::TimeSpan),
        Type::Dynamic => serde_json::from_str(text).ok().map(Value::Dynamic),
    }
}

/// `7`, `-7`, `0x1F`
fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (radix, digits) =
        digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")).map_or((10, digits), |it| (16, it));
    if digits.starts_with(['+', '-']) { None } else { i64::from_str_radix(&format!("{sign}{digits}"), radix).ok() }
}

/// `1.5`, `1e5`, `nan`, `+inf`, `-inf`
fn real(text: &str) -> Option<f64> {
    match text.to_ascii_lowercase().as_str() {
        "nan" => Some(f64::NAN),
        "+inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        number if number.ends_with(|it: char| it.is_ascii_digit() || it == '.') => number.parse().ok(),
        _ => None,
    }
}

/// Reads `2026-01-15`, `2026-01-15 09:30`, or a date and time in RFC 3339. Without an offset, the time is UTC.
pub(crate) fn date_time(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim().trim_matches(['"', '\'']);
    if let Some(time) = clock::parse(text) {
        return Some(time.to_offset(time::UtcOffset::UTC));
    }
    let text = text.replace(' ', "T");
    let padded = |suffix: &str| clock::parse(&format!("{text}{suffix}"));
    let date = || Date::parse(&text, format_description!("[year]-[month]-[day]")).ok();
    padded("Z").or_else(|| padded(":00Z")).or_else(|| Some(date()?.midnight().assume_utc()))
}

/// Reads `7d`, `1.5h`, `90m`, `30s`, `250ms`, `7` (days), or `1.02:03:04` (days, hours, minutes, seconds).
pub(super) fn timespan(text: &str) -> Option<Duration> {
    let text = text.trim().trim_matches(['"', '\'']);
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let seconds = match text.parse::<u32>() {
        Ok(days) => f64::from(days) * 24.0 * HOUR,
        Err(_) if text.contains(':') => clock_time(text)?,
        Err(_) => with_unit(text)?,
    };
    Duration::checked_seconds_f64(sign * seconds)
}

fn with_unit(text: &str) -> Option<f64> {
    let length = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(length);
    let (_, seconds) = UNITS.iter().find(|(names, _)| names.contains(&unit.trim_start()))?;
    Some(number.parse::<f64>().ok()? * seconds)
}

/// `[d.]hh:mm[:ss[.fffffff]]`
fn clock_time(text: &str) -> Option<f64> {
    let (hours, rest) = text.split_once(':')?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    Some(number(days)? * 24.0 * HOUR + number(hours)? * HOUR + number(minutes)? * MINUTE + number(seconds)?)
}

/// A time as Log Analytics writes it: with a fraction only if there is one.
pub(super) fn write_date_time(time: OffsetDateTime) -> String {
    let whole = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let whole = time.format(whole).expect("invariant: every time has these components");
    format!("{whole}{}Z", fraction(time.nanosecond()))
}

/// A time as `tostring` writes it: always with a fraction.
pub(super) fn write_full_date_time(time: OffsetDateTime) -> String {
    let text = write_date_time(time);
    if text.contains('.') { text } else { text.replace('Z', ".0000000Z") }
}

/// `7.00:00:00`, `01:30:00.5000000`
pub(super) fn write_timespan(span: Duration) -> String {
    let sign = if span.is_negative() { "-" } else { "" };
    let span = span.abs();
    let days = if span.whole_days() == 0 { String::new() } else { format!("{}.", span.whole_days()) };
    let (hours, minutes, seconds) = (span.whole_hours() % 24, span.whole_minutes() % 60, span.whole_seconds() % 60);
    format!("{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{}", fraction(span.subsec_nanoseconds().unsigned_abs()))
}

/// The fraction in ticks of 100 nanoseconds, empty if it is zero.
fn fraction(nanoseconds: u32) -> String {
    match nanoseconds / 100 {
        0 => String::new(),
        ticks => format!(".{ticks:07}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_timespans() {
        for (text, written) in [
            ("7d", "7.00:00:00"),
            ("1.5h", "01:30:00"),
            ("90m", "01:30:00"),
            ("250ms", "00:00:00.2500000"),
            ("10microseconds", "00:00:00.0000100"),
            ("2 ticks", "00:00:00.0000002"),
            ("1hr", "01:00:00"),
            ("1.02:03:04", "1.02:03:04"),
            ("-1h", "-01:00:00"),
            ("2", "2.00:00:00"),
        ] {
            assert_eq!(timespan(text).map(write_timespan).as_deref(), Some(written), "{text}");
        }
        for text in ["", "d", "1x", "x:00", "999999999999999999999d", "99999999999999999999999:00"] {
            assert_eq!(timespan(text), None, "{text}");
        }
    }

    #[test]
    fn reads_literals_of_each_type() {
        for (kind, text, expected) in [
            (Type::Bool, " true ", Value::Bool(true)),
            (Type::Bool, "0", Value::Bool(false)),
            (Type::Int, "-2147483648", Value::Long(-2_147_483_648)),
            (Type::Long, "0x7FFFFFFFFFFFFFFF", Value::Long(i64::MAX)),
            (Type::Long, "-9223372036854775808", Value::Long(i64::MIN)),
            (Type::Real, "1e5", Value::Real(1e5)),
            (Type::Real, "+inf", Value::Real(f64::INFINITY)),
            (Type::Real, "-inf", Value::Real(f64::NEG_INFINITY)),
            (Type::Guid, "4C8D2F7A-1E63-4B95-A0D8-6F3E9C5B7D12", "4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12".into()),
            (Type::Dynamic, "[1]", Value::Dynamic(serde_json::json!([1]))),
        ] {
            assert_eq!(typed(kind, text), Some(expected), "{text}");
        }
        for kind in [Type::Bool, Type::Int, Type::Long, Type::Real, Type::Guid, Type::DateTime, Type::TimeSpan] {
            assert_eq!(typed(kind, " null "), Some(Value::Null));
            assert_eq!(typed(kind, "soon"), None);
            assert_eq!(typed(kind, ""), None);
        }
        assert!(matches!(typed(Type::Real, "nan"), Some(Value::Real(number)) if number.is_nan()));
        for (kind, text) in [
            (Type::Int, "2147483648"),
            (Type::Long, "9223372036854775808"),
            (Type::Long, "+-1"),
            (Type::Real, "infinity"),
            (Type::Guid, "4c8d2f7a1e634b95a0d86f3e9c5b7d12"),
        ] {
            assert_eq!(typed(kind, text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_utc_without_an_offset() {
        for text in ["2026-01-15", "2026-01-15 00:00", "2026-01-15T00:00:00", "2026-01-15T01:00:00+01:00"] {
            assert_eq!(date_time(text).map(write_date_time).as_deref(), Some("2026-01-15T00:00:00Z"), "{text}");
        }
        assert_eq!(date_time("yesterday"), None);
    }
}
