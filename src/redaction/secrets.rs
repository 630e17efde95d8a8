//! Masks known secrets in text, in every common encoding.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::MASK;

/// The minimum length, in characters, of a value that is masked inside words. A shorter value is masked only as a word.
const MIN_INSIDE_WORDS: usize = 4;

/// The minimum length, in bytes, of a value whose base64 encodings and lines are masked. Those of a shorter value would
/// also occur by chance.
const MIN_ENCODED: usize = 12;

/// Secret values. `Debug` does not show them.
#[derive(Clone, Default)]
pub struct Secrets(Vec<Secret>);

#[derive(Clone)]
struct Secret {
    value: String,
    /// The value and its encodings, without repetitions.
    spellings: Vec<String>,
}

impl Secrets {
    /// No secrets.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Whether `value` is one of the secrets.
    #[must_use]
    pub(super) fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|secret| secret.value == value)
    }

    /// Adds a secret. If there are more than `limit`, the oldest one is dropped.
    pub(super) fn push(&mut self, value: &str, limit: usize) {
        if value.is_empty() || self.contains(value) {
            return;
        }
        if self.0.len() >= limit {
            self.0.remove(0);
        }
        self.0.push(Secret::new(value));
    }

    /// Masks the secrets in `text`.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        // The longest first, because a secret may contain another one.
        let mut spellings: Vec<&str> = self.0.iter().flat_map(|secret| &secret.spellings).map(String::as_str).collect();
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        for spelling in spellings {
            if masked.contains(spelling) {
                masked = Cow::Owned(replace(&masked, spelling));
            }
        }
        masked
    }
}

impl<'a> FromIterator<&'a str> for Secrets {
    fn from_iter<I: IntoIterator<Item = &'a str>>(values: I) -> Self {
        let mut secrets = Self::none();
        values.into_iter().for_each(|value| secrets.push(value, usize::MAX));
        secrets
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secret {
    fn new(value: &str) -> Self {
        let mut spellings = vec![value.to_owned()];
        let (quoted, strict) = (json(value), percent(value, NON_ALPHANUMERIC));
        let loose = percent(value, RESERVED_IN_FORMS);
        let mut others = vec![json(&quoted), quoted, lower_hex(&strict), strict, lower_hex(&loose), loose];
        if value.len() >= MIN_ENCODED {
            others.extend((0..3).flat_map(|offset| base64(value.as_bytes(), offset)));
            others.extend(lines(value).map(str::to_owned));
        }
        for spelling in others {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        Self { value: value.to_owned(), spellings }
    }
}

/// The secret lines of a value. In a PEM file, only the lines of private keys are secret.
///
/// The header and the footer of a section are not secret: `token.rs` needs them to find other private keys.
fn lines(value: &str) -> impl Iterator<Item = &str> {
    let mut is_secret = !value.contains("-----BEGIN ");
    value.lines().map(str::trim).filter(move |line| {
        if let Some(header) = line.strip_prefix("-----") {
            is_secret = header.starts_with("BEGIN ") && header.contains("PRIVATE KEY");
            return false;
        }
        is_secret && line.len() >= MIN_ENCODED
    })
}

/// The text inside a JSON string.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The characters that are percent-encoded in the value of a form. Token requests send secrets in this encoding.
pub const RESERVED_IN_FORMS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The text in a form or in a URL.
fn percent(text: &str, reserved: &'static AsciiSet) -> String {
    utf8_percent_encode(text, reserved).to_string()
}

/// The percent-encoded text with lower-case hexadecimal digits, as some programs write them.
fn lower_hex(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_at_checked(2) {
        Some((digits, rest)) => text + "%" + &digits.to_lowercase() + rest,
        None => text + "%" + part,
    })
}

/// The part of a base64 text that depends only on these bytes, if `offset` other bytes precede them.
fn base64(bytes: &[u8], offset: usize) -> [String; 2] {
    let shifted = [&[0; 2][..offset], bytes].concat();
    let (first, last) = ((offset * 8).div_ceil(6), shifted.len() * 8 / 6);
    [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)].map(|text| text[first..last].to_owned())
}

fn replace(text: &str, secret: &str) -> String {
    if secret.chars().count() >= MIN_INSIDE_WORDS {
        return text.replace(secret, MASK);
    }
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices(secret) {
        let end = at + secret.len();
        let is_word = !text[..at].ends_with(char::is_alphanumeric) && !text[end..].starts_with(char::is_alphanumeric);
        if is_word {
            masked.push_str(&text[copied..at]);
            masked.push_str(MASK);
            copied = end;
        }
    }
    masked + &text[copied..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_the_longest_secret_first() {
        let secrets: Secrets = ["abcd", "abcd-efgh"].into_iter().collect();

        assert_eq!(secrets.mask("abcd-efgh and abcd"), "(sensitive value) and (sensitive value)");
    }

    #[test]
    fn masks_only_the_private_key_of_a_pem_file() {
        let pem = "subject=CN = soc-automation\n-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n\
                   -----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----";
        let secrets: Secrets = [pem].into_iter().collect();

        assert_eq!(secrets.mask(pem), MASK);
        for public in ["subject=CN = soc-automation", "MIIBszCCAVmgAwIBAgIU"] {
            assert_eq!(secrets.mask(public), public);
        }
        assert_eq!(secrets.mask("MIGHAgEAMBMGByqGSM49"), MASK);
    }

    #[test]
    fn masks_a_short_secret_only_as_a_word() {
        let secrets: Secrets = ["no"].into_iter().collect();

        assert_eq!(secrets.mask("not 'no', no!"), "not '(sensitive value)', (sensitive value)!");
    }

    #[test]
    fn masks_a_secret_in_nested_json() {
        let secret = "a\"b\\c";
        let inner = serde_json::json!({ "message": secret }).to_string();
        let outer = serde_json::json!({ "message": inner }).to_string();
        let secrets: Secrets = [secret].into_iter().collect();

        for text in [secret, &inner, &outer] {
            let masked = secrets.mask(text);
            assert!(masked.contains(MASK) && !masked.contains("b\\"), "{masked}");
        }
    }

    #[test]
    fn masks_a_secret_in_base64_at_every_offset_and_over_lines() {
        let secret = "a secret value\nof two longer lines";
        let secrets: Secrets = [secret].into_iter().collect();

        for before in ["", "a", "ab", "abc"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}{secret} and more"));
            let masked = secrets.mask(&encoded);
            assert!(masked.contains(MASK) && masked.len() < 40, "{masked}");
        }
        assert_eq!(
            secrets.mask("1: a secret value, 2: of two longer lines"),
            "1: (sensitive value), 2: (sensitive value)"
        );
    }

    #[test]
    fn keeps_the_header_and_footer_of_a_private_key() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqh\n-----END PRIVATE KEY-----";
        let secrets: Secrets = [key].into_iter().collect();

        assert_eq!(secrets.mask(key), MASK);
        assert_eq!(
            secrets.mask("-----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkqh"),
            "-----BEGIN PRIVATE KEY----- (sensitive value)"
        );
    }

    #[test]
    fn masks_a_secret_in_every_url_encoding() {
        let secrets: Secrets = ["Secret+of/A~login."].into_iter().collect();

        for text in ["Secret%2Bof%2FA~login.", "Secret%2bof%2fA~login.", "Secret%2Bof%2FA%7Elogin%2E"] {
            assert_eq!(secrets.mask(text), MASK, "{text}");
        }
    }

    #[test]
    fn masks_nothing_for_an_empty_value() {
        let secrets: Secrets = [""].into_iter().collect();

        assert_eq!(secrets.mask("a text"), "a text");
    }

    #[test]
    fn a_repeated_secret_does_not_replace_another_one() {
        let mut secrets = Secrets::none();
        ["first-secret", "second-secret", "second-secret"].iter().for_each(|secret| secrets.push(secret, 2));

        assert_eq!(secrets.mask("first-secret second-secret"), "(sensitive value) (sensitive value)");
    }

    #[test]
    fn drops_the_oldest_secret_at_the_limit() {
        let mut secrets = Secrets::none();
        ["first-secret", "second-secret", "third-secret"].iter().for_each(|secret| secrets.push(secret, 2));

        assert_eq!(secrets.mask("first-secret second-secret"), "first-secret (sensitive value)");
        assert_eq!(format!("{secrets:?}"), "Secrets(2)");
    }
}
