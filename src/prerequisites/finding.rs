//! What a preflight found: a prerequisite that is not met, as the diagnostic of the mode.

use crate::framework::{Diagnostic, Severity};
use crate::sentinel::{Fact, ROLE_OF_SAME_APPLY};
use crate::session::PreflightMode;

use super::check::{Check, Status};

/// A prerequisite that is not met.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The fact, with a diagnostic that fits a warning and an error.
    pub fact: Fact,
    /// What the same apply may do about it.
    pub same_apply: SameApply,
}

/// What the apply that creates the connector may do about the prerequisite. The plan does not know everything that it does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SameApply {
    /// It may assign the role.
    AssignsRole,
    /// It may install the solution.
    InstallsSolution,
    /// Nothing, or the diagnostic says it.
    None,
}

impl Finding {
    /// The check as a finding, if it failed.
    pub fn of(check: Check, summary: String, same_apply: SameApply) -> Option<Self> {
        let Check { name, status: Status::Failed, detail, remedy } = check else { return None };
        let remedy = remedy.map(|remedy| format!("\n\nWhat to do: {remedy}")).unwrap_or_default();
        let diagnostic = Diagnostic::warning(summary, format!("{detail}{remedy}"));
        Some(Self { fact: Fact { id: name.to_owned(), diagnostic }, same_apply })
    }

    /// The fact as this mode reports it.
    pub fn reported(self, mode: PreflightMode) -> Fact {
        let Self { mut fact, same_apply } = self;
        let is_error = mode == PreflightMode::Error;
        fact.diagnostic.severity = if is_error { Severity::Error } else { Severity::Warning };
        let notes = [same_apply.note(is_error), if is_error { WHY_AN_ERROR } else { "" }];
        for note in notes.into_iter().filter(|note| !note.is_empty()) {
            fact.diagnostic.detail.push_str("\n\n");
            fact.diagnostic.detail.push_str(note);
        }
        fact
    }
}

const WHY_AN_ERROR: &str = "This is an error because `preflight` (SENTINEL_PREFLIGHT) is \"error\". To continue with a warning, set \
                            it to \"warn\".";

impl SameApply {
    const fn note(self, is_error: bool) -> &'static str {
        match self {
            Self::AssignsRole if is_error => {
                "If the same apply assigns the role, assign it in an earlier apply. Terraform does not tell providers which \
                 roles an apply assigns."
            }
            Self::AssignsRole => ROLE_OF_SAME_APPLY,
            Self::InstallsSolution => {
                "If the same apply installs the solution, add it to `depends_on` of this resource. It is then installed first."
            }
            Self::None => "",
        }
    }
}
