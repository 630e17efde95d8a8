//! The version of a Content Hub solution, for example `3.0.3`.
//!
//! The parser is more lenient than semantic versioning, like Terraform's own: it accepts any number of segments (`3.0`,
//! `1.0.0.1`), leading zeros and a leading `v`. Missing segments count as zero.

pub mod constraint;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version that can be compared. Displays the original text.
///
/// The order is total: segments by value, then a pre-release before its release, then pre-release identifiers as in
/// semantic versioning 2.0 §11. Build metadata (`+…`) is ignored.
#[derive(Clone, Debug)]
pub struct SolutionVersion {
    text: String,
    segments: Vec<u64>,
    prerelease: Vec<Identifier>,
}

impl SolutionVersion {
    /// Parses a version, ignoring surrounding spaces.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let text = text.trim();
        let malformed = || VersionError { text: text.to_owned() };

        let unprefixed = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (version, build) = match unprefixed.split_once('+') {
            Some((version, build)) => (version, Some(build)),
            None => (unprefixed, None),
        };
        if build.is_some_and(|build| identifiers(build).is_none()) {
            return Err(malformed());
        }

        let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
        let (core, rest) = version.split_at(end);
        let segments =
            core.split('.').map(|segment| segment.parse().ok()).collect::<Option<Vec<u64>>>().ok_or_else(malformed)?;
        let prerelease = match rest.strip_prefix('-').unwrap_or(rest) {
            "" if rest.is_empty() => Vec::new(),
            text => identifiers(text).ok_or_else(malformed)?,
        };
        Ok(Self { text: text.to_owned(), segments, prerelease })
    }

    /// The original text of the version.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form that is the same for equal versions: without trailing zero segments, a leading `v` and build metadata.
    #[must_use]
    pub fn canonical(&self) -> String {
        let significant = self.segments.iter().rposition(|segment| *segment != 0).map_or(1, |last| last + 1);
        let segments = self.segments[..significant].iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        if self.prerelease.is_empty() {
            return segments;
        }
        let identifiers: Vec<String> = self.prerelease.iter().map(ToString::to_string).collect();
        format!("{segments}-{}", identifiers.join("."))
    }

    /// Whether this is a pre-release, such as `3.1.0-preview`.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// The number of segments as written: 2 for `3.0`.
    pub(crate) fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// The segment at `index`; zero if it is missing.
    pub(crate) fn segment(&self, index: usize) -> u64 {
        self.segments.get(index).copied().unwrap_or(0)
    }

    fn compare_segments(&self, other: &Self) -> Ordering {
        let length = self.segments.len().max(other.segments.len());
        (0..length)
            .map(|index| self.segment(index).cmp(&other.segment(index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// Compares two versions in Azure's spelling. Strings that are not versions are either equal or incomparable.
#[must_use]
pub fn compare(one: &str, two: &str) -> Option<Ordering> {
    match (SolutionVersion::parse(one), SolutionVersion::parse(two)) {
        (Ok(one), Ok(two)) => Some(one.cmp(&two)),
        _ => (one == two).then_some(Ordering::Equal),
    }
}

/// Whether the available version is an update of the installed one. Versions that cannot be compared are an update if
/// they differ, because the catalog contains the newest version.
#[must_use]
pub fn is_update(available: Option<&str>, installed: Option<&str>) -> bool {
    let (Some(available), Some(installed)) = (available, installed) else { return false };
    compare(available, installed).is_none_or(Ordering::is_gt)
}

impl Ord for SolutionVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare_segments(other).then_with(|| match (self.is_prerelease(), other.is_prerelease()) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => self.prerelease.cmp(&other.prerelease),
        })
    }
}

impl PartialOrd for SolutionVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SolutionVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SolutionVersion {}

impl FromStr for SolutionVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for SolutionVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A string that is not a version.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{text}\" is not a version: expected numbers separated by dots, such as 3.0.3 or 3.1.0-preview")]
pub struct VersionError {
    /// The string.
    pub text: String,
}

/// One dot-separated part of a pre-release. The variants are in ascending order: numbers come before words.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// The dot-separated identifiers of a pre-release or of build metadata; `None` if one of them is invalid.
fn identifiers(text: &str) -> Option<Vec<Identifier>> {
    text.split('.')
        .map(|part| {
            let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '~';
            (!part.is_empty() && part.chars().all(is_allowed))
                .then(|| part.parse().map_or_else(|_| Identifier::Word(part.to_owned()), Identifier::Number))
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Generates versions with one to four segments, sometimes with a pre-release.
    pub(in super::super) fn any_version() -> impl Strategy<Value = SolutionVersion> {
        let segments = prop::collection::vec(0_u64..4, 1..=4);
        let identifier = prop_oneof![(0_u64..4).prop_map(|n| n.to_string()), "[a-c]{1,2}"];
        let prerelease = prop::option::weighted(0.3, prop::collection::vec(identifier, 1..=3));
        (segments, prerelease).prop_map(|(segments, prerelease)| {
            let core = segments.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
            let text = prerelease.map_or_else(|| core.clone(), |parts| format!("{core}-{}", parts.join(".")));
            SolutionVersion::parse(&text).expect("generated from valid parts")
        })
    }

    fn version(text: &str) -> SolutionVersion {
        SolutionVersion::parse(text).expect("a version of the test")
    }

    #[test]
    fn orders_versions_by_number_not_by_text() {
        let ascending = [
            "2.0.1",
            "3.0.0-alpha",
            "3.0.0-alpha.1",
            "3.0.0-alpha.beta",
            "3.0.0-rc.2",
            "3.0.0-rc.10",
            "3.0.0",
            "3.0.3",
            "3.0.10",
            "3.1",
            "10.0.0",
        ];
        for pair in ascending.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn ignores_zero_segments_and_build_metadata() {
        for same in ["3.0", "3.0.0", "3.0.0.0", "03.00.0", "v3", "3.0.0+build.7"] {
            assert_eq!(version(same), version("3.0.0"), "{same}");
        }
    }

    #[test]
    fn compares_a_fourth_segment() {
        assert!(version("1.0.0.1") > version("1.0.0"));
    }

    #[test]
    fn accepts_hyphens_and_tildes_in_a_prerelease() {
        for text in ["3.0.0-rc-1", "3.0.0-rc~1"] {
            assert!(SolutionVersion::parse(text).is_ok_and(|version| version.is_prerelease()), "{text}");
        }
    }

    #[test]
    fn displays_the_original_text() {
        assert_eq!(version(" v3.00 ").to_string(), "v3.00");
    }

    #[test]
    fn rejects_other_strings() {
        for text in [
            "",
            "v",
            "latest",
            "3.",
            ".3",
            "3..0",
            "3.0.0-",
            "3.0.0-a..b",
            "3.0.x",
            "3 0",
            "3.0.0+",
            "99999999999999999999",
        ] {
            assert!(SolutionVersion::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn newer_or_incomparable_version_is_an_update() {
        assert!(is_update(Some("3.0.3"), Some("2.0.1")));
        assert!(!is_update(Some("3.0"), Some("3.0.0")));
        assert!(!is_update(Some("2.0.1"), Some("3.0.3")));
        assert!(is_update(Some("Q1 2024"), Some("Q4 2023")));
        assert!(!is_update(Some("3.0.3"), None));
        assert!(!is_update(None, Some("3.0.3")));
    }

    proptest! {
        #[test]
        fn order_is_total(a in any_version(), b in any_version(), c in any_version()) {
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }

        #[test]
        fn equal_versions_have_one_canonical_form(a in any_version(), b in any_version()) {
            prop_assert_eq!(a == b, a.canonical() == b.canonical());
            prop_assert_eq!(SolutionVersion::parse(&a.canonical()), Ok(a));
        }

        #[test]
        fn three_part_versions_order_as_semantic_versions(a in any_version(), b in any_version()) {
            let semantic = |v: &SolutionVersion| semver::Version::parse(v.as_str()).ok();
            if let (Some(left), Some(right)) = (semantic(&a), semantic(&b)) {
                prop_assert_eq!(a.cmp(&b), left.cmp_precedence(&right));
            }
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in ".*") {
            let _ = SolutionVersion::parse(&text);
        }
    }
}
