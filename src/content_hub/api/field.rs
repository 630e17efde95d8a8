//! Reads the loosely typed fields of Azure's documents.

use serde_json::Value;

/// Reads a string or a number as a string; `None` for null, for other types and for blank strings.
pub(super) fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads the strings of a list.
pub(super) fn strings(value: &Value) -> Vec<String> {
    value.as_array().map(|items| items.iter().filter_map(string).collect()).unwrap_or_default()
}

/// Reads a flag. The API sends the strings `true` and `false`, and sometimes a boolean.
pub(super) fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
    }
}
