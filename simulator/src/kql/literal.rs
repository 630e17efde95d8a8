//! Dates and timespans in queries, in cells and in the `timespan` of a request.

use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use crate::clock;

/// Units of timespan literals; the longer ones first, so that `ms` is not `m`.
const UNITS: &[(&str, f64)] = &[
    ("days", DAY),
    ("day", DAY),
    ("hours", HOUR),
    ("hour", HOUR),
    ("minutes", MINUTE),
    ("minute", MINUTE),
    ("seconds", 1.0),
    ("second", 1.0),
    ("ms", 0.001),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", 1.0),
];

const DAY: f64 = 24.0 * HOUR;
const HOUR: f64 = 60.0 * MINUTE;
const MINUTE: f64 = 60.0;

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

/// Reads `7d`, `1.5h`, `90m`, `30s`, `250ms`, or `1.02:03:04` (days, hours, minutes, seconds).
pub(super) fn timespan(text: &str) -> Option<Duration> {
    let text = text.trim().trim_matches(['"', '\'']);
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let seconds = if text.contains(':') { clock_time(text)? } else { with_unit(text)? };
    Duration::checked_seconds_f64(sign * seconds)
}

fn with_unit(text: &str) -> Option<f64> {
    let (number, seconds) = UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))?;
    let number = number.trim_end();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    Some(is_number.then(|| number.parse::<f64>().ok()).flatten()? * seconds)
}

/// `[d.]hh:mm[:ss[.fffffff]]`
fn clock_time(text: &str) -> Option<f64> {
    let (hours, rest) = text.split_once(':')?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    Some(number(days)? * DAY + number(hours)? * HOUR + number(minutes)? * MINUTE + number(seconds)?)
}

/// A time as Log Analytics writes it: with a fraction only if there is one.
pub(super) fn write_date_time(time: OffsetDateTime) -> String {
    let whole = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let whole = time.format(whole).expect("invariant: every time has these components");
    format!("{whole}{}Z", fraction(time.nanosecond()))
}

/// `7.00:00:00`, `01:30:00.5000000`
pub(super) fn write_timespan(span: Duration) -> String {
    let sign = if span.is_negative() { "-" } else { "" };
    let span = span.abs();
    let days = if span.whole_days() == 0 { String::new() } else { format!("{}.", span.whole_days()) };
    let (hours, minutes, seconds) = (span.whole_hours() % 24, span.whole_minutes() % 60, span.whole_seconds() % 60);
    format!("{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{}", fraction(span.subsec_nanoseconds().unsigned_abs()))
}

/// Ticks of 100 nanoseconds, if there are any.
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
    fn timespans_are_read_and_written() {
        for (text, written) in [
            ("7d", "7.00:00:00"),
            ("1.5h", "01:30:00"),
            ("90m", "01:30:00"),
            ("250ms", "00:00:00.2500000"),
            ("1.02:03:04", "1.02:03:04"),
            ("-1h", "-01:00:00"),
        ] {
            assert_eq!(timespan(text).map(write_timespan).as_deref(), Some(written), "{text}");
        }
        for text in ["", "d", "7", "1x", "x:00", "999999999999999999999d", "99999999999999999999999:00"] {
            assert_eq!(timespan(text), None, "{text}");
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
