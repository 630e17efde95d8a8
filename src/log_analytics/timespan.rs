//! The time range of a query: an ISO 8601 duration or interval.

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::iso_duration::{InvalidTimeRange, IsoDuration};
use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// A time range. Keeps the text that it was parsed from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timespan {
    text: String,
    for_azure: String,
}

impl Timespan {
    /// Parses a duration, which ends now, or `start/end`, `start/duration` or `duration/end`.
    ///
    /// # Errors
    /// The text is not a valid time range.
    pub fn parse(text: &str) -> Result<Self, InvalidTimeRange> {
        let for_azure = match text.split_once('/') {
            None => IsoDuration::parse(text)?.for_azure(),
            Some((start, end)) => {
                let (from, to) = (Bound::parse(start)?, Bound::parse(end)?);
                check(&from, &to)?;
                format!("{}/{}", from.for_azure(start), to.for_azure(end))
            }
        };
        Ok(Self { text: text.to_owned(), for_azure })
    }

    /// The text for Log Analytics.
    #[must_use]
    pub fn for_azure(&self) -> &str {
        &self.for_azure
    }
}

impl AttributeValue for Timespan {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        let example = "a duration such as \"P7D\" or \"PT12H\", or an interval such as \
                       \"2026-01-01T00:00:00Z/2026-01-08T00:00:00Z\"";
        Self::parse(&text).map_err(|problem| problem.invalid(&text, "an ISO 8601 duration or interval", example))
    }

    fn into_value(self) -> Value {
        Value::String(self.text)
    }
}

/// Checks that an interval is not empty, and that its ends are within the years of .NET's times.
fn check(from: &Bound, to: &Bound) -> Result<(), InvalidTimeRange> {
    let (from, to) = match (from, to) {
        (Bound::Time(from), Bound::Time(to)) => (Some(*from), Some(*to)),
        (Bound::Time(from), Bound::Duration(length)) => (Some(*from), from.checked_add(signed(length)?)),
        (Bound::Duration(length), Bound::Time(to)) => (to.checked_sub(signed(length)?), Some(*to)),
        (Bound::Duration(_), Bound::Duration(_)) => {
            return Err(InvalidTimeRange::Malformed("it has two durations".to_owned()));
        }
    };
    let in_utc = |time: Option<OffsetDateTime>| time?.checked_to_offset(UtcOffset::UTC);
    match (in_utc(from), in_utc(to)) {
        (Some(from), Some(to)) if from.year() >= 1 => {
            if from < to {
                Ok(())
            } else {
                Err(InvalidTimeRange::Empty)
            }
        }
        _ => Err(InvalidTimeRange::TooLong),
    }
}

fn signed(length: &IsoDuration) -> Result<time::Duration, InvalidTimeRange> {
    length.length().try_into().map_err(|_| InvalidTimeRange::TooLong)
}

/// One end of an interval.
enum Bound {
    Time(OffsetDateTime),
    Duration(IsoDuration),
}

impl Bound {
    fn parse(text: &str) -> Result<Self, InvalidTimeRange> {
        if text.starts_with('P') {
            return IsoDuration::parse(text).map(Self::Duration);
        }
        let problem = || InvalidTimeRange::Malformed(format!("{text:?} is neither a date and time nor a duration"));
        time(text).map(Self::Time).ok_or_else(problem)
    }

    fn for_azure(&self, text: &str) -> String {
        match self {
            Self::Time(_) => text.to_owned(),
            Self::Duration(duration) => duration.for_azure(),
        }
    }
}

/// Parses `2026-01-15` or `2026-01-15T09:30[:00[.5]]` with `Z`, with an offset, or in UTC without either.
fn time(text: &str) -> Option<OffsetDateTime> {
    let (date, clock) = text.split_once('T').map_or((text, None), |(date, clock)| (date, Some(clock)));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let date = Date::from_calendar_date(year.into(), Month::try_from(to_u8(month)?).ok()?, to_u8(day)?);
    let (clock, offset) = match clock {
        None => (Time::MIDNIGHT, UtcOffset::UTC),
        Some(clock) => {
            let at = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
            (time_of_day(&clock[..at])?, utc_offset(&clock[at..])?)
        }
    };
    Some(date.ok()?.with_time(clock).assume_offset(offset))
}

fn time_of_day(text: &str) -> Option<Time> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !(1..=9).contains(&fraction.len()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let with_seconds = if text.len() == 5 { format!("{text}:00") } else { text.to_owned() };
    let [hour, minute, second] = numbers(&with_seconds, ':', [2, 2, 2])?;
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    Time::from_hms_nano(to_u8(hour)?, to_u8(minute)?, to_u8(second)?, nanoseconds).ok()
}

fn utc_offset(text: &str) -> Option<UtcOffset> {
    if matches!(text, "" | "Z") {
        return Some(UtcOffset::UTC);
    }
    let sign = text.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let [hours, minutes, _] = numbers(&format!("{}:00", &text[1..]), ':', [2, 2, 2])?;
    if minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    UtcOffset::from_whole_seconds(if sign == '-' { -seconds } else { seconds }).ok()
}

/// Parses three numbers with exactly these numbers of digits.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u16; 3]> {
    let mut parts = text.split(separator);
    let mut next = |length: usize| {
        let part = parts.next()?;
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok()).flatten()
    };
    let numbers = [next(lengths[0])?, next(lengths[1])?, next(lengths[2])?];
    parts.next().is_none().then_some(numbers)
}

fn to_u8(number: u16) -> Option<u8> {
    u8::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_durations_and_intervals() {
        for (text, for_azure) in [
            ("P7D", "P7D"),
            ("P1W", "PT604800S"),
            ("2026-01-01T00:00:00.1Z/2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.1Z/2026-01-01T00:00:00.5Z"),
            ("2026-01-01/2026-01-08", "2026-01-01/2026-01-08"),
            ("2026-01-01T00:00:00Z/P1W", "2026-01-01T00:00:00Z/PT604800S"),
            ("PT1H/2026-01-01T09:30:00.5+01:00", "PT1H/2026-01-01T09:30:00.5+01:00"),
            ("2026-01-01T09:30/2026-01-01T09:00:00-01:00", "2026-01-01T09:30/2026-01-01T09:00:00-01:00"),
        ] {
            assert_eq!(Timespan::parse(text).as_ref().map(Timespan::for_azure), Ok(for_azure), "{text}");
        }
    }

    #[test]
    fn rejects_an_invalid_timespan() {
        for text in [
            "",
            "7d",
            "/",
            "P1D/",
            "P1D/P1D",
            "2026-13-01/P1D",
            "2026-02-30/P1D",
            "2026-01-01T25:00/P1D",
            "2026-01-01T00:00Z01:00/P1D",
            "2026-01-01T00:00+01:99/P1D",
            "2026-01-01 00:00/P1D",
            "2026-01-01T00:00:00.Z/P1D",
            "2026-01-01T00:00Z/P1D/P1D",
            "2026-01-01T00:00+1/P1D",
            "yesterday/P1D",
        ] {
            assert!(matches!(Timespan::parse(text), Err(InvalidTimeRange::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn distinguishes_empty_from_too_long_timespans() {
        for text in [
            "P0D",
            "2026-01-01/PT0S",
            "2026-01-08/2026-01-01",
            "2026-01-01/2026-01-01",
            "2026-01-01T00:00:00.5Z/2026-01-01T00:00:00.1Z",
        ] {
            assert_eq!(Timespan::parse(text), Err(InvalidTimeRange::Empty), "{text}");
        }
        for text in [
            "P2001Y",
            "P999999999D",
            "P1999Y/1998-01-01",
            "9999-12-31/P2D",
            "0000-01-01/2026-01-01",
            "0001-01-01T00:00:00+01:00/2026-01-01",
            "2026-01-01/9999-12-31T23:00:00-02:00",
            "2026-01-01/P18446744073709551615D",
        ] {
            assert_eq!(Timespan::parse(text), Err(InvalidTimeRange::TooLong), "{text}");
        }
        for text in ["P2000Y", "0001-01-01/9999-12-31", "P1D/0001-01-02", "9999-12-30/P1D"] {
            assert!(Timespan::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn parses_utc_offsets() {
        assert_eq!(time("2026-01-01T09:30+01:30"), time("2026-01-01T08:00Z"));
        assert_eq!(time("2026-01-01T09:30-01:30"), time("2026-01-01T11:00Z"));
    }

    proptest! {
        #[test]
        fn parses_or_rejects_any_text(text in "[0-9TZPDHM:./+-]{0,30}|\\PC{0,20}") {
            let _ = Timespan::parse(&text);
        }
    }
}
