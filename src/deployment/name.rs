//! The name of a deployment: what is deployed, in which version, and something that no other has.

/// Azure's limit.
const MOST: usize = 64;

/// What is kept for the subject however long the version is.
const LEAST_SUBJECT: usize = 12;

/// Whether [`name_for`] could have given this name to a deployment of `subject`, in whichever version `is_version` knows.
/// Where a name was cut it is not told.
#[must_use]
pub fn is_name_for(subject: &str, name: &str, is_version: impl Fn(&str) -> bool) -> bool {
    let rest = name.strip_prefix("sentinel-").and_then(|rest| rest.strip_prefix(&legal(subject)));
    rest.and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.rsplit_once('-'))
        .is_some_and(|(version, _)| is_version(version))
}

/// A name such as `sentinel-microsoftdefenderforcloud-3.0.3-1f0c9a2b`: at most 64 characters, none that Azure refuses.
/// `unique` tells it from earlier deployments of the same thing.
#[must_use]
pub fn name_for(subject: &str, version: &str, unique: &str) -> String {
    let (prefix, unique) = ("sentinel", legal(unique));
    let fixed = prefix.len() + unique.len() + 3;
    let version = cut(&legal(version), MOST.saturating_sub(fixed + LEAST_SUBJECT));
    let subject = cut(&legal(subject), MOST.saturating_sub(fixed + version.len()));
    format!("{prefix}-{subject}-{version}-{unique}")
}

/// The text with a hyphen for what the name of a deployment cannot hold.
fn legal(text: &str) -> String {
    let is_legal = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_');
    text.chars().map(|character| if is_legal(character) { character } else { '-' }).collect()
}

/// At most so many characters; the text is ASCII.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_says_what_and_which_version() {
        assert_eq!(
            name_for("microsoftdefenderforcloud", "3.0.3", "1f0c9a2b"),
            "sentinel-microsoftdefenderforcloud-3.0.3-1f0c9a2b"
        );
    }

    #[test]
    fn a_name_is_known_again_and_not_taken_for_that_of_a_longer_subject() {
        let is_version = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
        let name = name_for("cloud-updated", "3.0.3-beta", "1f0c9a2b");

        assert!(is_name_for("cloud-updated", &name, is_version));
        assert!(!is_name_for("cloud", &name, is_version));
        assert!(!is_name_for("updated", &name, is_version));
    }

    proptest! {
        #[test]
        fn any_name_is_one_that_azure_takes(subject in ".{0,90}", version in ".{0,90}", unique in "[0-9a-f]{8}") {
            let name = name_for(&subject, &version, &unique);
            prop_assert!(name.len() <= MOST, "{name}");
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)), "{name}");
            prop_assert!(name.ends_with(&unique), "{name}");
        }
    }
}
