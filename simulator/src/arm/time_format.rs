//! The formats of dates, times and durations in request bodies.

use time::Date;
use time::macros::format_description;

use crate::clock;

/// `2026-01-15`, or a date with a time.
pub(super) fn is_date(text: &str) -> bool {
    Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok() || is_date_time(text)
}

/// `2026-01-15T09:30:00Z`. Without an offset, the time is UTC.
pub(super) fn is_date_time(text: &str) -> bool {
    clock::parse(text).is_some() || clock::parse(&format!("{text}Z")).is_some()
}

/// `P1DT12H30M`: an ISO 8601 duration, without weeks.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(period) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    match period.split_once('T') {
        None => !period.is_empty() && has_units(period, "YMD"),
        Some((days, times)) => !times.is_empty() && has_units(days, "YMD") && has_units(times, "HMS"),
    }
}

/// Numbers with these units, each at most once and in this order. Seconds can have a fraction.
fn has_units(mut text: &str, units: &str) -> bool {
    for unit in units.chars() {
        let Some((number, rest)) = text.split_once(unit) else { continue };
        let number = if unit == 'S' { number.replacen('.', "", 1) } else { number.to_owned() };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        text = rest;
    }
    text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_iso_8601() {
        for text in ["PT5H", "P1D", "P1Y2M3DT4H5M6.5S", "PT0S", "P1M", "PT1M", "-PT1H"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "P", "PT", "5 hours", "05:00:00", "P1DT", "PT1D", "P1H", "PT5", "PTH", "P1W", "PT1M1H", "PT.S"]
        {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn dates_and_times_are_iso_8601() {
        for text in ["1970-01-01T00:00:00.000Z", "2026-01-15T09:30:00+02:00", "2026-01-15T09:30:00"] {
            assert!(is_date_time(text) && is_date(text), "{text}");
        }
        assert!(is_date("2026-01-15") && !is_date_time("2026-01-15"));
        for text in ["", "yesterday", "2026-13-01", "15.1.2026", "2026-01-15 09:30"] {
            assert!(!is_date_time(text) && !is_date(text), "{text}");
        }
    }
}
