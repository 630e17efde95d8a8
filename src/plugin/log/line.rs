//! One log line in hclog's JSON format.
//!
//! Terraform crashes if `@level`, `@message` or `@timestamp` is not a string. It treats a line as plain text if the
//! timestamp does not have six fraction digits or the line has 64 KiB or more.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::Level;

use crate::redaction;

/// The maximum length of a line, in bytes. It is below 64 KiB, with some margin.
const MAX_LINE_LENGTH: usize = 60 * 1024;

/// The maximum length of one text, in bytes. JSON escapes can make it six times as long, and other fields need space
/// too.
const MAX_TEXT_LENGTH: usize = 8 * 1024;

/// Go's layout `2006-01-02T15:04:05.000000Z07:00`, in UTC.
const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// The content of one line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) level: Level,
    pub(super) module: &'a str,
    pub(super) message: &'a str,
    /// Additional keys and values.
    pub(super) fields: Map<String, Value>,
}

impl Line<'_> {
    /// Encodes the line, including the line feed. Truncates long texts, and counts the fields that do not fit instead
    /// of including them.
    pub(super) fn into_json(self, now: OffsetDateTime) -> String {
        let mut line = Map::new();
        line.insert("@level".to_owned(), level_name(self.level).into());
        line.insert("@message".to_owned(), shown(self.message).into());
        line.insert("@module".to_owned(), shown(self.module).into());
        // Formatting cannot fail, and an empty text would still be a string.
        line.insert("@timestamp".to_owned(), now.format(TIMESTAMP).unwrap_or_default().into());

        let mut length = json_length(&line);
        let mut omitted = 0_u32;
        for (key, value) in self.fields {
            // hclog reserves keys that start with an @.
            let key = key.trim_start_matches('@');
            let value = match value {
                Value::String(text) => shown(&text).into(),
                other => other,
            };
            let more = key.len() + value.to_string().len() + "\"\":,".len();
            if key.is_empty() || length + more > MAX_LINE_LENGTH {
                omitted += 1;
            } else {
                length += more;
                line.insert(key.to_owned(), value);
            }
        }
        if omitted > 0 {
            line.insert("fields_omitted".to_owned(), omitted.into());
        }
        format!("{}\n", Value::Object(line))
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// Sanitizes and truncates a text, because Terraform prints logs unchanged.
fn shown(text: &str) -> String {
    truncate(&redaction::sanitize(text))
}

fn truncate(text: &str) -> String {
    if text.len() <= MAX_TEXT_LENGTH {
        return text.to_owned();
    }
    let end = (0..=MAX_TEXT_LENGTH).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{} … ({} bytes truncated)", &text[..end], text.len() - end)
}

fn json_length(line: &Map<String, Value>) -> usize {
    line.iter().map(|(key, value)| key.len() + value.to_string().len() + "\"\":,".len()).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    fn json(message: &str, fields: Value) -> Value {
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        let line = Line { level: Level::INFO, module: "sentinel", message, fields };
        let text = line.into_json(datetime!(2026-08-23 10:11:12.000_3 UTC));
        assert!(text.len() < 64 * 1024, "{} bytes are too long for a line", text.len());
        assert_eq!(text.matches('\n').count(), 1, "one object on one line");
        serde_json::from_str(&text).expect("it is JSON")
    }

    #[test]
    fn timestamp_has_six_fraction_digits() {
        let expected = json!({
            "@level": "info", "@message": "read it", "@module": "sentinel",
            "@timestamp": "2026-08-23T10:11:12.000300Z", "status": 200,
        });
        assert_eq!(json("read it", json!({ "status": 200 })), expected);
    }

    #[test]
    fn field_cannot_replace_a_reserved_key() {
        let line = json("the real one", json!({ "@message": 5, "@": 1 }));
        assert_eq!(line["@message"], "the real one");
        assert_eq!(line["message"], 5);
        assert_eq!(line["fields_omitted"], 1);
    }

    #[test]
    fn truncates_long_texts_between_characters() {
        let line = json(&"é\n".repeat(40_000), json!({}));
        assert!(line["@message"].as_str().is_some_and(|text| text.ends_with("bytes truncated)")));
    }

    #[test]
    fn removes_secrets_and_control_characters() {
        let line = json("\u{1b}[31mretrying", json!({ "error": "password=hunter2\u{7}" }));
        assert_eq!(line["@message"], "retrying");
        assert_eq!(line["error"], "password=(sensitive value)");
    }

    #[test]
    fn omits_and_counts_fields_that_do_not_fit() {
        let fields = (0..20).map(|n| (format!("field{n}"), Value::from("\"".repeat(8_000)))).collect();
        let line = json("many", Value::Object(fields));
        assert_eq!(line["fields_omitted"], 17);
    }
}
