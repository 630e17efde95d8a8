//! Names of content templates, to tell later which of them are gone.
//!
//! A solution may bring hundreds, and a state is to stay small: of each name only a checksum is kept. Two names of a
//! workspace with the same one would hide that one of the two is missing, once in four thousand million.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A set of names, compared without case. In JSON it is one text, of eight hexadecimal digits a name.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct TemplateNames(BTreeSet<u32>);

impl TemplateNames {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of them are in one of these sets.
    #[must_use]
    pub fn found_in(&self, sets: &[&Self]) -> usize {
        self.0.iter().filter(|name| sets.iter().any(|set| set.0.contains(name))).count()
    }

    /// All names of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(&self.0 | &other.0)
    }
}

impl<'a> FromIterator<&'a str> for TemplateNames {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Self(names.into_iter().map(|name| crc32fast::hash(name.to_lowercase().as_bytes())).collect())
    }
}

impl From<TemplateNames> for String {
    fn from(names: TemplateNames) -> Self {
        let mut text = Self::with_capacity(names.len() * DIGITS);
        for name in names.0 {
            let _ = write!(text, "{name:08x}");
        }
        text
    }
}

const DIGITS: usize = 8;

impl TryFrom<String> for TemplateNames {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_whole = text.len().is_multiple_of(DIGITS) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let names = (0..text.len()).step_by(DIGITS).map(|at| u32::from_str_radix(text.get(at..at + DIGITS)?, 16).ok());
        is_whole.then(|| names.collect::<Option<_>>().map(Self)).flatten().ok_or("not a list of checksums")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(names: &[&str]) -> TemplateNames {
        names.iter().copied().collect()
    }

    #[test]
    fn names_are_found_without_case_wherever_they_are() {
        let names = of(&["law-dc-abc", "law-ar-def", "law-wb-ghi"]);

        assert_eq!(names.found_in(&[&of(&["LAW-DC-ABC"]), &of(&["law-wb-ghi", "law-wb-xyz"])]), 2);
        assert_eq!(names.and(&of(&["LAW-AR-DEF", "another"])).len(), 4);
    }

    #[test]
    fn what_is_no_list_of_checksums_is_refused() {
        for text in ["3", "0123456g", "0123456\u{e4}", "+1234567"] {
            assert!(TemplateNames::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_kept_is_read_again(names in proptest::collection::vec(".{0,20}", 0..8)) {
            let names: TemplateNames = names.iter().map(String::as_str).collect();
            let kept = serde_json::to_value(&names).expect("a text");
            prop_assert_eq!(serde_json::from_value::<TemplateNames>(kept).expect("names"), names);
        }
    }
}
