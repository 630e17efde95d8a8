//! The rules for content IDs, which are segments of resource IDs and of request paths.

use crate::framework::Validator;

/// Validates an attribute that contains a content ID.
pub(super) const CONTENT_ID_FORMAT: Validator = Validator::pattern(
    "not contain leading or trailing spaces or any of `/ \\ ? # % & : < > *`",
    "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud",
    is_content_id,
);

/// Whether this is a valid content ID.
#[must_use]
pub(super) fn is_content_id(text: &str) -> bool {
    let is_forbidden = |character: char| character.is_control() || "/\\?#%&:<>*".contains(character);
    !text.is_empty() && text.trim() == text && !text.contains(is_forbidden) && text.contains(|other| other != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_a_single_path_segment() {
        for text in ["contoso.azure-sentinel-solution-cloud", "a", "4f2a_B.c", "with space"] {
            assert!(is_content_id(text), "{text}");
        }
        for text in ["", " ", "a/b", "../a", ".", "..", "a?b", "a#b", "a%2fb", " a", "a\n", "a:b"] {
            assert!(!is_content_id(text), "{text}");
        }
    }
}
