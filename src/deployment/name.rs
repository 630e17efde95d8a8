//! The name of a deployment: what is deployed, in which version, and something that no other has.

/// Azure's limit.
const MOST: usize = 64;

/// What is kept for the subject however long the version is.
const LEAST_SUBJECT: usize = 12;

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
