//! Text as Terraform compares it: in Unicode's composed form (NFC).
//!
//! The CLI composes every string that it makes a value of. A service may answer decomposed; without this, the same name
//! would differ from itself.

use unicode_normalization::{UnicodeNormalization, is_nfc};

pub(super) fn composed(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_text_is_composed() {
        assert_eq!(composed("Cafe\u{301}"), "Caf\u{e9}");
    }

    #[test]
    fn composed_text_stays() {
        assert_eq!(composed("Caf\u{e9} \u{1f600}"), "Caf\u{e9} \u{1f600}");
    }
}
