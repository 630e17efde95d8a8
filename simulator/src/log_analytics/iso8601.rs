//! The `timespan` of a request: an ISO 8601 duration up to now, or an interval.

use time::{Duration, OffsetDateTime};

use crate::kql;

/// Reads `P7D`, `start/end`, `start/duration` or `duration/end`. Returns the start and the end. As in .NET, the
/// earliest year is 1.
pub(super) fn interval(text: &str, now: OffsetDateTime) -> Option<(OffsetDateTime, OffsetDateTime)> {
    let (start, end) = match text.split_once('/') {
        None => (now.checked_sub(duration(text)?)?, now),
        Some((start, end)) => match (kql::date_time(start), kql::date_time(end)) {
            (Some(start), Some(end)) => (start, end),
            (Some(start), None) => (start, start.checked_add(duration(end)?)?),
            (None, Some(end)) => (end.checked_sub(duration(start)?)?, end),
            (None, None) => return None,
        },
    };
    (start <= end && start.year() >= 1).then_some((start, end))
}

/// Reads `P1DT12H`, as .NET does: a year has 365 days, a month has 30, and there are no weeks.
fn duration(text: &str) -> Option<Duration> {
    let period = text.trim().strip_prefix('P')?;
    let (days, times) = period.split_once('T').map_or((period, None), |(days, times)| (days, Some(times)));
    if days.is_empty() && times.is_none_or(str::is_empty) {
        return None;
    }
    let days = seconds(days, &[('Y', 365.0 * 86_400.0), ('M', 30.0 * 86_400.0), ('D', 86_400.0)])?;
    let times = times.map_or(Some(0.0), |times| seconds(times, &[('H', 3_600.0), ('M', 60.0), ('S', 1.0)]))?;
    Duration::checked_seconds_f64(days + times)
}

/// The sum of numbers with these units, each at most once and in this order.
fn seconds(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut sum = 0.0;
    for (unit, seconds) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            sum += number.parse::<f64>().ok().filter(|number| *number >= 0.0)? * seconds;
            text = rest;
        }
    }
    text.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn reads_durations_and_intervals() {
        let now = datetime!(2026-11-30 12:00 UTC);
        let day = datetime!(2026-11-29 12:00 UTC);
        for text in ["P1D", "PT24H", "PT1440M", "P0DT86400S", "2026-11-29T12:00:00Z/P1D", "PT24H/2026-11-30T12:00:00Z"]
        {
            assert_eq!(interval(text, now), Some((day, now)), "{text}");
        }
        for text in ["", "P", "PT", "1D", "P1W", "P1H", "PT1D", "7d", "2026-11-30/2026-11-29", "x/y"] {
            assert_eq!(interval(text, now), None, "{text}");
        }
    }

    #[test]
    fn rejects_times_out_of_range() {
        let now = datetime!(2026-11-30 12:00 UTC);
        for text in [
            "P9999999D",
            "P2029Y",
            "0000-12-31/2026-11-30",
            "P99999999999999999999999Y",
            "2026-11-30/P9999999D",
            "P9999999D/2026-11-30",
            "PT1e300S",
            "PTinfS",
        ] {
            assert_eq!(interval(text, now), None, "{text}");
        }
    }
}
