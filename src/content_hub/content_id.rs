//! What can be a content id at all: it is a segment of ARM ids and of request paths.

use crate::framework::Validator;

/// Of an attribute that holds one.
pub(super) const A_CONTENT_ID: Validator = Validator::pattern(
    "a content ID without leading or trailing spaces and without any of / \\ ? # % & : < > *",
    "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud",
    is_content_id,
);

/// Whether Azure could have a package with this content id.
#[must_use]
pub(super) fn is_content_id(text: &str) -> bool {
    let is_refused = |character: char| character.is_control() || "/\\?#%&:<>*".contains(character);
    !text.is_empty() && text.trim() == text && !text.contains(is_refused) && text.contains(|other| other != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_an_id_is_one_and_a_path_is_not() {
        for text in ["contoso.azure-sentinel-solution-cloud", "a", "4f2a_B.c", "with space"] {
            assert!(is_content_id(text), "{text}");
        }
        for text in ["", " ", "a/b", "../a", ".", "..", "a?b", "a#b", "a%2fb", " a", "a\n", "a:b"] {
            assert!(!is_content_id(text), "{text}");
        }
    }
}
