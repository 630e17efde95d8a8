//! Removes accidental characters around values of users, files and pipelines, and detects text that is not a secret.
//!
//! Characters are removed only if they cannot be part of the value. IDs, URLs and tokens contain no spaces or quotation
//! marks. A secret may contain them, so its quotation marks are removed only if the rest has the form of a secret of
//! Microsoft Entra.

use uuid::Uuid;

use crate::azure::error::SecretFlaw;

/// Invisible characters that no value begins or ends with.
const INVISIBLE: &[char] = &['\u{feff}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}'];

/// Quotation marks: straight ones, and the curly ones of word processors and chat programs.
const QUOTES: &[(char, char)] = &[('"', '"'), ('\'', '\''), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];

/// The minimum number of characters of a secret that Microsoft Entra issues.
const MIN_SECRET_LENGTH: usize = 30;

/// Removes white space, line breaks, byte order marks and invisible characters around a text.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || INVISIBLE.contains(&character))
}

/// Removes spaces and quotation marks around an ID, a URL, a name or a boolean.
#[must_use]
pub fn value(text: &str) -> &str {
    let text = trim(text);
    unquoted(text).map_or(text, trim)
}

/// Removes spaces around a client secret, and quotation marks if they cannot be part of it.
#[must_use]
pub fn secret(text: &str) -> &str {
    let text = trim(text);
    match unquoted(text).map(trim) {
        Some(inner) if inner.is_empty() || has_form_of_secret(inner) => inner,
        _ => text,
    }
}

/// Removes spaces and quotation marks around a token, a leading `Bearer`, and the line breaks of a tool that wrapped
/// it.
#[must_use]
pub fn token(text: &str) -> String {
    let text = value(text);
    let is_bearer = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
    let text = if is_bearer { trim(&text[7..]) } else { text };
    let joined: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    if has_form_of_token(&joined) { joined } else { text.to_owned() }
}

/// Why a secret that Microsoft Entra rejected is probably not a secret. `None` if it may be one.
#[must_use]
pub fn secret_flaw(secret: &str) -> Option<SecretFlaw> {
    let is_plain = |character: char| character.is_ascii_graphic();
    if Uuid::try_parse(secret).is_ok() {
        Some(SecretFlaw::Guid)
    } else if unquoted(secret).is_some() {
        Some(SecretFlaw::Quoted)
    } else if has_form_of_token(secret) {
        Some(SecretFlaw::Token)
    } else if secret.contains(char::is_whitespace) {
        Some(SecretFlaw::WhiteSpace)
    } else if !secret.chars().all(is_plain) {
        Some(SecretFlaw::NotAscii)
    } else {
        None
    }
}

/// The text between the quotation marks around it.
fn unquoted(text: &str) -> Option<&str> {
    QUOTES.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

/// Whether a text has the form of Microsoft Entra's secrets: letters, digits and `~_.-`.
fn has_form_of_secret(text: &str) -> bool {
    text.len() >= MIN_SECRET_LENGTH
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "~_.-".contains(character))
}

/// Whether a text has the form `header.payload.signature` in base64, with a JSON object as header.
fn has_form_of_token(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|character| character.is_ascii_alphanumeric() || "-_=".contains(character))
    };
    text.starts_with("eyJ") && text.split('.').count() == 3 && text.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "abc8Q~defghijklmnopqrstuvwxyz0123456.-_~";
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.c2lnbmF0dXJl";

    /// The text with the characters that an editor, a shell or a pipeline may add.
    fn around(text: &str) -> Vec<String> {
        let ends = ["", "\n", "\r\n", " ", "\t", "\u{a0}", "\u{feff}", "\u{200b}", "\u{3000}"];
        ends.iter().map(|end| format!("\u{feff}{end}{text}{end}")).collect()
    }

    #[test]
    fn removes_invisible_characters_around_a_value() {
        for text in around("contoso.onmicrosoft.com") {
            assert_eq!(value(&text), "contoso.onmicrosoft.com", "{text:?}");
        }
        for text in around(SECRET) {
            assert_eq!(secret(&text), SECRET, "{text:?}");
        }
        for text in around(TOKEN) {
            assert_eq!(token(&text), TOKEN, "{text:?}");
        }
    }

    #[test]
    fn removes_quotation_marks_around_a_value() {
        for quoted in
            ["\"true\"", "'true'", " \"true\" \n", "\"true \"", "\u{201c}true\u{201d}", "\u{2018}true\u{2019}"]
        {
            assert_eq!(value(quoted), "true", "{quoted}");
        }
        assert_eq!(value("\"\""), "");
        assert_eq!(value("\"true"), "\"true");
    }

    #[test]
    fn removes_quotation_marks_around_an_entra_secret_only() {
        assert_eq!(secret(&format!("\"{SECRET}\"\r\n")), SECRET);
        assert_eq!(secret("''"), "");
        for unclear in
            ["\"short\"", "\"pass word of a user who likes spaces\"", "\"§4567890123456789012345678901234567\""]
        {
            assert_eq!(secret(unclear), unclear);
        }
    }

    #[test]
    fn joins_a_token_wrapped_over_several_lines() {
        let wrapped = format!("Bearer {}\r\n  {}\n", &TOKEN[..20], &TOKEN[20..]);

        assert_eq!(token(&wrapped), TOKEN);
        assert_eq!(token("not a token"), "not a token");
    }

    #[test]
    fn reports_an_impossible_secret() {
        for (text, flaw) in [
            ("5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f", Some(SecretFlaw::Guid)),
            ("\"short\"", Some(SecretFlaw::Quoted)),
            (TOKEN, Some(SecretFlaw::Token)),
            ("first line\nsecond line", Some(SecretFlaw::WhiteSpace)),
            ("caf\u{e9}-secret", Some(SecretFlaw::NotAscii)),
            (SECRET, None),
        ] {
            assert_eq!(secret_flaw(text), flaw, "{text}");
        }
    }
}
