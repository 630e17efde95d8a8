//! Defects of an installed solution that require another installation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that is wrong with an installation. Prints as a reason that follows "because".
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// The solution is registered, but the catalog says that it is not installed. This happens after a workspace is
    /// created again under the same name.
    StaleRegistration,
    /// A registration with another name owns the content ID. A failed installation leaves it behind.
    OrphanedRegistration(String),
    /// An installation was started and not finished.
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
    /// The content templates belong to this version, and not to the registered one.
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
    fn a_defect_names_what_is_wrong() {
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
