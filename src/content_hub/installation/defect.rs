//! The defects of an installed solution that require a reinstallation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A defect of an installation. Displays as a clause that follows "because".
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// The solution is registered, but the catalog reports it as not installed. This happens if a workspace is deleted
    /// and created again with the same name.
    StaleRegistration,
    /// A registration with another name, left by a failed installation, owns the content ID.
    OrphanedRegistration(String),
    /// The last installation did not finish.
    Unfinished,
    /// Connector pages are missing.
    MissingPages(Vec<String>),
    /// The registration is missing, although content is present.
    MissingRegistration,
    /// Content templates are missing.
    MissingTemplates {
        /// The number of templates that are present.
        present: usize,
        /// The number of templates that should be present.
        expected: usize,
    },
    /// The content templates belong to this version instead of the installed version.
    OtherTemplates(String),
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StaleRegistration => f.write_str(
                "its content package is stale: it belongs to a deleted workspace with the same name, and the catalog does \
                 not report the solution as installed",
            ),
            Self::OrphanedRegistration(name) => {
                write!(f, "a failed installation left the content package \"{name}\" with the same content ID")
            }
            Self::Unfinished => f.write_str("its last installation did not finish"),
            Self::MissingPages(names) => write!(f, "its connector pages are missing: {}", names.join(", ")),
            Self::MissingRegistration => {
                f.write_str("its content package is missing, although some of its content is present")
            }
            Self::MissingTemplates { present: 0, .. } => f.write_str("its content templates are missing"),
            Self::MissingTemplates { present, expected } => {
                write!(f, "only {present} of its {expected} content templates are present")
            }
            Self::OtherTemplates(version) => write!(f, "its content templates belong to version {version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_defects_with_their_details() {
        let templates = |present| Defect::MissingTemplates { present, expected: 2 };
        for (defect, text) in [
            (Defect::OrphanedRegistration("product-sl-1".to_owned()), "the content package \"product-sl-1\""),
            (Defect::MissingPages(vec!["A".to_owned(), "B".to_owned()]), "its connector pages are missing: A, B"),
            (templates(0), "its content templates are missing"),
            (templates(1), "only 1 of its 2 content templates are present"),
            (Defect::OtherTemplates("2.0.1".to_owned()), "belong to version 2.0.1"),
        ] {
            assert!(defect.to_string().contains(text), "{defect}");
        }
    }
}
