//! The names of content templates, kept in the state to detect missing templates later.
//!
//! A solution may contain hundreds of templates, so the state stores only a checksum of each name. If two names had the
//! same checksum (one in four billion), a missing template would not be detected.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A case-insensitive set of names. Its JSON form is one string with eight hexadecimal digits for each name.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct TemplateNames(BTreeSet<u32>);

impl TemplateNames {
    /// The number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of names that are in at least one of `sets`.
    #[must_use]
    pub fn count_in(&self, sets: &[&Self]) -> usize {
        self.0.iter().filter(|name| sets.iter().any(|set| set.0.contains(name))).count()
    }

    /// The names of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
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

    fn set(names: &[&str]) -> TemplateNames {
        names.iter().copied().collect()
    }

    #[test]
    fn compares_names_case_insensitively() {
        let names = set(&["law-dc-abc", "law-ar-def", "law-wb-ghi"]);

        assert_eq!(names.count_in(&[&set(&["LAW-DC-ABC"]), &set(&["law-wb-ghi", "law-wb-xyz"])]), 2);
        assert_eq!(names.union(&set(&["LAW-AR-DEF", "another"])).len(), 4);
    }

    #[test]
    fn rejects_a_string_that_is_not_a_list_of_checksums() {
        for text in ["3", "0123456g", "0123456\u{e4}", "+1234567"] {
            assert!(TemplateNames::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trips_names(names in proptest::collection::vec(".{0,20}", 0..8)) {
            let names: TemplateNames = names.iter().map(String::as_str).collect();
            let json = serde_json::to_value(&names).expect("a text");
            prop_assert_eq!(serde_json::from_value::<TemplateNames>(json).expect("names"), names);
        }
    }
}
