//! Reads fields of Azure's documents, which are loosely typed.

use serde_json::Value;

/// A string with content. `null`, other types and blank strings count as absent; a number is read as it is written.
pub(super) fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The strings in a list.
pub(super) fn strings(value: &Value) -> Vec<String> {
    value.as_array().map(|items| items.iter().filter_map(string).collect()).unwrap_or_default()
}

/// A flag. The API sends the strings `true` and `false`, and sometimes a boolean.
pub(super) fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
    }
}
