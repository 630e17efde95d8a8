//! One log line in hclog's JSON.
//!
//! The CLI's parser is unforgiving: `@level`, `@message` and `@timestamp` that are no strings crash it, a timestamp
//! with other than six digits makes the line raw text, and so does a line of 64 KiB.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::Level;

/// A line must stay below 64 KiB.
const LONGEST_LINE: usize = 60 * 1024;

/// A text must leave room for the others on its line, even if JSON escapes make it six times as long.
const LONGEST_TEXT: usize = 8 * 1024;

/// Go's layout `2006-01-02T15:04:05.000000Z07:00`, in UTC.
const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// What one line says.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) level: Level,
    pub(super) module: &'a str,
    pub(super) message: &'a str,
    /// Further keys and values.
    pub(super) fields: Map<String, Value>,
}

impl Line<'_> {
    /// The line with its line feed. What is too long is cut, and says so.
    pub(super) fn into_json(self, now: OffsetDateTime) -> String {
        let mut line = Map::new();
        line.insert("@level".to_owned(), level_name(self.level).into());
        line.insert("@message".to_owned(), cut(self.message).into());
        line.insert("@module".to_owned(), cut(self.module).into());
        // The format has no component that could fail; an empty text is still a string.
        line.insert("@timestamp".to_owned(), now.format(TIMESTAMP).unwrap_or_default().into());

        let mut length = json_length(&line);
        let mut left_out = 0_u32;
        for (key, value) in self.fields {
            // Keys with an @ belong to hclog.
            let key = key.trim_start_matches('@');
            let value = match value {
                Value::String(text) => cut(&text).into(),
                other => other,
            };
            let more = key.len() + value.to_string().len() + "\"\":,".len();
            if key.is_empty() || length + more > LONGEST_LINE {
                left_out += 1;
            } else {
                length += more;
                line.insert(key.to_owned(), value);
            }
        }
        if left_out > 0 {
            line.insert("fields_left_out".to_owned(), left_out.into());
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

fn cut(text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let end = (0..=LONGEST_TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{} … ({} bytes cut)", &text[..end], text.len() - end)
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
        assert!(text.len() < 64 * 1024, "{} bytes are too many for one line", text.len());
        assert_eq!(text.matches('\n').count(), 1, "one line, one object");
        serde_json::from_str(&text).expect("it is JSON")
    }

    #[test]
    fn the_timestamp_always_has_six_digits() {
        let expected = json!({
            "@level": "info", "@message": "read it", "@module": "sentinel",
            "@timestamp": "2026-08-23T10:11:12.000300Z", "status": 200,
        });
        assert_eq!(json("read it", json!({ "status": 200 })), expected);
    }

    #[test]
    fn a_field_cannot_pose_as_one_of_hclogs() {
        let line = json("the real one", json!({ "@message": 5, "@": 1 }));
        assert_eq!(line["@message"], "the real one");
        assert_eq!(line["message"], 5);
        assert_eq!(line["fields_left_out"], 1);
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let line = json(&"é\n".repeat(40_000), json!({}));
        assert!(line["@message"].as_str().is_some_and(|text| text.ends_with("bytes cut)")));
    }

    #[test]
    fn what_has_no_room_is_left_out_and_counted() {
        let fields = (0..20).map(|n| (format!("field{n}"), Value::from("\u{1}".repeat(8_000)))).collect();
        let line = json("many", Value::Object(fields));
        assert_eq!(line["fields_left_out"], 19);
    }
}
