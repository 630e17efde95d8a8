//! JSON as Resource Manager reads it from requests. Its parser also accepts comments, single quotes, names without
//! quotes, trailing commas and line breaks in strings. Azure CLI relies on this when it sends templates.

use serde_json::Value;

/// Parses a body. A leading byte order mark is allowed.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).or_else(|strict| {
        let text = std::str::from_utf8(bytes).map_err(|_| strict)?;
        serde_json::from_str(&standard(text))
    })
}

/// Converts the text to standard JSON. Invalid text stays invalid, so that the parser reports it.
fn standard(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first, &mut output),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            ']' | '}' => {
                drop_trailing_comma(&mut output);
                output.push(first);
                1
            }
            _ if is_name(first) => name(rest, &mut output),
            _ => {
                output.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    output
}

/// Copies a string with double quotes, and returns its length in the input.
fn quoted(text: &str, quote: char, output: &mut String) -> usize {
    output.push('"');
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => {
                output.push('"');
                return at + 1;
            }
            '\\' => match characters.next() {
                Some((_, '\'')) => output.push('\''),
                Some((_, escaped)) => output.extend(['\\', escaped]),
                None => {}
            },
            '"' => output.push_str("\\\""),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            _ => output.push(character),
        }
    }
    text.len()
}

/// Copies a number, a literal, or a member name without quotes, and returns its length.
fn name(text: &str, output: &mut String) -> usize {
    let length = text.find(|character: char| !is_name(character)).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let starts_like_a_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '$');
    if starts_like_a_name && rest.trim_start().starts_with(':') {
        output.extend(["\"", name, "\""]);
    } else {
        output.push_str(name);
    }
    length
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || "_$+-.".contains(character)
}

fn drop_trailing_comma(output: &mut String) {
    let Some(before) = output.trim_end().strip_suffix(',') else { return };
    if !before.trim_end().ends_with(['{', '[', ',']) {
        output.truncate(before.len());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accepts_the_extensions_of_newtonsoft_json() {
        let text = "\u{feff}{ // a comment\n 'single': 'it\\'s \"quoted\"', properties: {a: -1.5, b: [true, null,],},\n\
                    /* another: {} */ \"url\": \"https://x\", $schema: 'two\nlines', }";
        let expected = json!({
            "single": "it's \"quoted\"", "properties": {"a": -1.5, "b": [true, null]}, "url": "https://x",
            "$schema": "two\nlines",
        });
        assert_eq!(parse(text.as_bytes()).expect("JSON").to_string(), expected.to_string());
    }

    #[test]
    fn rejects_invalid_json() {
        for text in ["{\"a\":", "{a 1}", "{'a': 'b}", "{\"a\": b}", "", "[1 2]", "{,}", "\"\\"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
