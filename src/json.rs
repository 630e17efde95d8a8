//! Parses untrusted JSON with a limit on memory.
//!
//! A parsed value takes up to a hundred times the memory of its text, for example `[1,1,…]`. The parser therefore
//! estimates the memory before it parses.

use serde_json::Value;

/// The maximum memory of a document, in bytes. The largest document is a catalog entry with a template, which Azure
/// limits to 4 MB of text.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The memory of a value in addition to its text, in bytes.
const VALUE_OVERHEAD: usize = 128;

/// Why a document is rejected.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The text is not JSON.
    #[error("{0}")]
    Invalid(#[from] serde_json::Error),
    /// The document would take too much memory.
    #[error("it is larger than any document that is expected here")]
    TooLarge,
}

/// Parses a document.
///
/// # Errors
/// [`JsonError`].
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    if memory(text) > LIMIT { Err(JsonError::TooLarge) } else { Ok(serde_json::from_slice(text)?) }
}

/// The estimated memory of the parsed text, in bytes. Never too low for valid JSON.
#[must_use]
pub fn memory(text: &[u8]) -> usize {
    let (mut values, mut in_string, mut is_escaped) = (1_usize, false, false);
    for byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    text.len().saturating_add(values.saturating_mul(VALUE_OVERHEAD))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rejects_many_small_values() {
        let numbers = format!("[{}1]", "1,".repeat(1_000_000));

        assert!(matches!(parse(numbers.as_bytes()), Err(JsonError::TooLarge)));
        assert!(matches!(parse(&[b'['; 1_000_000]), Err(JsonError::TooLarge)));
    }

    #[test]
    fn long_text_counts_only_its_length() {
        let text = json!({ "template": "[,\"\\".repeat(1_000_000) });

        assert_eq!(parse(text.to_string().as_bytes()).expect("four MB of text"), text);
    }

    #[test]
    fn ignores_commas_in_strings() {
        let values = |text: &str| (memory(text.as_bytes()) - text.len()) / VALUE_OVERHEAD;

        assert_eq!(values(r#"{"a": [1, 2], "b,[{": "\",["}"#), 5);
        assert_eq!(values("1"), 1);
    }
}
