//! Values that are not shown, in every encoding in which a text may repeat them.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::MASK;

/// In characters. A shorter value is masked only as a word of its own.
const SHORT: usize = 4;

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

    /// Whether `value` is one of them.
    #[must_use]
    pub(super) fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|secret| secret.value == value)
    }

    /// Adds a secret. If there are more than `limit`, the oldest one is forgotten.
    pub(super) fn push(&mut self, value: &str, limit: usize) {
        if value.is_empty() || self.contains(value) {
            return;
        }
        if self.0.len() >= limit {
            self.0.remove(0);
        }
        self.0.push(Secret::new(value));
    }

    /// The text with each of them masked.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        // A secret may contain another one.
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
        let quoted = json(value);
        for spelling in [json(&quoted), quoted, percent(value)] {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        Self { value: value.to_owned(), spellings }
    }
}

/// The text inside a JSON string.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The text in a form or in an address.
fn percent(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

fn replace(text: &str, secret: &str) -> String {
    if secret.chars().count() >= SHORT {
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
    fn the_longest_secret_is_masked_first() {
        let secrets: Secrets = ["abcd", "abcd-efgh"].into_iter().collect();

        assert_eq!(secrets.mask("abcd-efgh and abcd"), "(sensitive value) and (sensitive value)");
    }

    #[test]
    fn a_short_secret_is_masked_as_a_word() {
        let secrets: Secrets = ["no"].into_iter().collect();

        assert_eq!(secrets.mask("not 'no', no!"), "not '(sensitive value)', (sensitive value)!");
    }

    #[test]
    fn a_secret_is_masked_in_json_inside_json() {
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
    fn the_oldest_secret_is_forgotten() {
        let mut secrets = Secrets::none();
        ["first-secret", "second-secret", "third-secret"].iter().for_each(|secret| secrets.push(secret, 2));

        assert_eq!(secrets.mask("first-secret second-secret"), "first-secret (sensitive value)");
        assert_eq!(format!("{secrets:?}"), "Secrets(2)");
    }
}
