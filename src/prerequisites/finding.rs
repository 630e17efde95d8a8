//! A finding of the preflight: a prerequisite that is not met, as a warning or an error.

use crate::framework::Diagnostic;
use crate::sentinel::{Fact, ROLE_OF_SAME_APPLY};
use crate::session::PreflightMode;

use super::check::{Check, Status};

/// A prerequisite that is not met.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The fact, with a diagnostic whose text suits a warning and an error.
    pub fact: Fact,
    /// How the same apply may meet the prerequisite.
    pub same_apply: SameApply,
}

/// How the apply that creates the connector may meet the prerequisite. The plan does not know all changes of that
/// apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SameApply {
    /// It may assign the role.
    AssignsRole,
    /// It may install the solution.
    InstallsSolution,
    /// The apply does not meet it, or the diagnostic already describes how.
    None,
}

impl Finding {
    /// The finding of a failed check. `None` if the check did not fail.
    pub fn of(check: Check, summary: String, same_apply: SameApply) -> Option<Self> {
        let Check { name, status: Status::Failed, detail, remedy } = check else { return None };
        let remedy = remedy.map(|remedy| format!("\n\nWhat to do: {remedy}")).unwrap_or_default();
        let diagnostic = Diagnostic::warning(summary, format!("{detail}{remedy}"));
        Some(Self { fact: Fact { id: name.to_owned(), diagnostic }, same_apply })
    }

    /// The fact with the severity and the notes of this mode.
    pub fn reported(self, mode: PreflightMode) -> Fact {
        let Self { mut fact, same_apply } = self;
        if let Some(note) = same_apply.note(mode == PreflightMode::Error) {
            fact.diagnostic.detail.push_str("\n\n");
            fact.diagnostic.detail.push_str(note);
        }
        fact.reported(mode)
    }
}

impl SameApply {
    const fn note(self, is_error: bool) -> Option<&'static str> {
        match self {
            Self::AssignsRole if is_error => Some(
                "If this configuration assigns the role, apply that first, for example with `-target`. Terraform does not tell \
                 providers which roles an apply assigns.",
            ),
            Self::AssignsRole => Some(ROLE_OF_SAME_APPLY),
            Self::InstallsSolution => Some(
                "If the same apply installs the solution, add it to `depends_on` of this resource. It is then installed first.",
            ),
            Self::None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(same_apply: SameApply, mode: PreflightMode) -> String {
        let check = Check::failed("x", "Found.", "Do it.");
        Finding::of(check, "Summary".to_owned(), same_apply).expect("a finding").reported(mode).diagnostic.detail
    }

    #[test]
    fn only_a_failed_check_is_a_finding() {
        assert!(Finding::of(Check::passed("x", "Found."), String::new(), SameApply::None).is_none());
        assert!(Finding::of(Check::warning("x", "Found.", "Do it."), String::new(), SameApply::None).is_none());
    }

    #[test]
    fn warning_and_error_have_different_next_steps() {
        for same_apply in [SameApply::AssignsRole, SameApply::InstallsSolution, SameApply::None] {
            let (warning, error) = (detail(same_apply, PreflightMode::Warn), detail(same_apply, PreflightMode::Error));

            assert!(warning.starts_with("Found.\n\nWhat to do: Do it.") && !warning.contains("an error"), "{warning}");
            assert!(error.ends_with("To continue with a warning, set it to \"warn\"."), "{error}");
            assert!(!error.contains("ignore") && !error.contains("continues"), "{error}");
        }
        assert_eq!(detail(SameApply::None, PreflightMode::Warn), "Found.\n\nWhat to do: Do it.");
    }
}
