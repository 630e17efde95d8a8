//! `utcNow` and its formats.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::super::error::EvaluationError;
use super::arguments::text;

/// A part of a time, as text.
type Part = fn(OffsetDateTime) -> String;

/// Patterns of .NET's formats, the longest first.
const PATTERNS: &[(&str, Part)] = &[
    ("yyyy", |now| format!("{:04}", now.year())),
    ("MM", |now| format!("{:02}", u8::from(now.month()))),
    ("dd", |now| format!("{:02}", now.day())),
    ("HH", |now| format!("{:02}", now.hour())),
    ("mm", |now| format!("{:02}", now.minute())),
    ("ss", |now| format!("{:02}", now.second())),
    ("fff", |now| format!("{:03}", now.millisecond())),
];

/// The value of `utcNow`. The default format is `20260115T093005Z`.
pub(in crate::template) fn utc_now(now: OffsetDateTime, values: &[Value]) -> Result<Value, EvaluationError> {
    let format = match values {
        [] => "yyyyMMddTHHmmssZ",
        [format] => text("utcNow", format)?,
        _ => return Err(EvaluationError::arguments("utcNow", "expected at most one argument")),
    };
    let format = match format {
        "d" => "MM/dd/yyyy",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffZ",
        other => other,
    };
    let mut shown = String::new();
    let mut rest = format;
    'next: while let Some(character) = rest.chars().next() {
        for (pattern, part) in PATTERNS {
            if let Some(after) = rest.strip_prefix(pattern) {
                shown.push_str(&part(now));
                rest = after;
                continue 'next;
            }
        }
        shown.push(character);
        rest = &rest[character.len_utf8()..];
    }
    Ok(json!(shown))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn formats_times() {
        let now = datetime!(2026-01-05 09:30:05 UTC);
        assert_eq!(utc_now(now, &[]), Ok(json!("20260105T093005Z")));
        assert_eq!(utc_now(now, &[json!("yyyy-MM-dd")]), Ok(json!("2026-01-05")));
        assert_eq!(utc_now(now, &[json!("u")]), Ok(json!("2026-01-05 09:30:05Z")));
    }
}
