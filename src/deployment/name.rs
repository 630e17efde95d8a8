//! The name of a deployment: the subject, its version, and a unique suffix.

/// The maximum length of a deployment name in Azure.
const MAX_LENGTH: usize = 64;

/// The minimum length that is reserved for the subject, however long the version is.
const MIN_SUBJECT_LENGTH: usize = 12;

/// A name such as `sentinel-microsoftdefenderforcloud-3.0.3-4e1f77c01f0c9a2b`, of at most 64 valid characters.
///
/// It ends with a checksum of `what`, the full name of the deployed object, and with `unique`. [`is_name_of`]
/// recognizes the name by the checksum. `unique` distinguishes deployments of the same object.
#[must_use]
pub fn name_for(what: &str, subject: &str, version: &str, unique: &str) -> String {
    let (prefix, suffix) = ("sentinel", format!("{}{}", checksum(what), replace_invalid(unique)));
    let fixed = prefix.len() + suffix.len() + 3;
    let version = truncate(&replace_invalid(version), MAX_LENGTH.saturating_sub(fixed + MIN_SUBJECT_LENGTH));
    let subject = truncate(&replace_invalid(subject), MAX_LENGTH.saturating_sub(fixed + version.len()));
    format!("{prefix}-{subject}-{version}-{suffix}")
}

/// Whether [`name_for`] created this name for a deployment of `what`, in any version.
#[must_use]
pub fn is_name_of(what: &str, name: &str) -> bool {
    let suffix = name.strip_prefix("sentinel-").and_then(|rest| rest.rsplit_once('-')).map(|(_, suffix)| suffix);
    suffix.is_some_and(|suffix| suffix.starts_with(&checksum(what)))
}

/// Eight hexadecimal digits. Names that differ only in case have the same checksum.
fn checksum(what: &str) -> String {
    format!("{:08x}", crc32fast::hash(what.to_lowercase().as_bytes()))
}

/// Replaces the characters that a deployment name cannot contain with hyphens.
fn replace_invalid(text: &str) -> String {
    let is_legal = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_');
    text.chars().map(|character| if is_legal(character) { character } else { '-' }).collect()
}

/// The first `max` characters.
fn truncate(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn name_contains_solution_and_version() {
        let name = name_for("contoso.microsoftdefenderforcloud", "microsoftdefenderforcloud", "3.0.3", "1f0c9a2b");

        assert!(name.starts_with("sentinel-microsoftdefenderforcloud-3.0.3-"), "{name}");
        assert!(name.ends_with("1f0c9a2b"), "{name}");
    }

    #[test]
    fn recognizes_only_names_of_the_same_object() {
        let long = "a".repeat(90);
        let all = ["contoso.cloud", "contoso.cloud-2", "fabrikam.cloud", &long];
        for what in all {
            let name = name_for(what, what.rsplit('.').next().unwrap_or_default(), "3.0.3-beta", "1f0c9a2b");
            let found: Vec<&str> = all.into_iter().filter(|other| is_name_of(other, &name)).collect();
            assert_eq!(found, [what]);
        }
        assert!(is_name_of("CONTOSO.Cloud", &name_for("contoso.cloud", "cloud", "1.0", "1f0c9a2b")));
        assert!(!is_name_of("contoso.cloud", "another-deployment"));
    }

    proptest! {
        #[test]
        fn every_name_is_valid_in_azure(subject in ".{0,90}", version in ".{0,90}", unique in "[0-9a-f]{8}") {
            let name = name_for(&subject, &subject, &version, &unique);
            prop_assert!(name.len() <= MAX_LENGTH, "{name}");
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)), "{name}");
            prop_assert!(name.ends_with(&unique), "{name}");
        }
    }
}
