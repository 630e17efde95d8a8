//! What a user reads when a look-up gave no solution.

use super::catalogue::LookupError;
use super::selector::{Candidate, Selector};
use crate::explain;
use crate::framework::Diagnostic;

/// The error in words; without a path, which only the schema at hand knows.
pub(super) fn of(error: &LookupError) -> Diagnostic {
    match error {
        LookupError::Azure { doing, error } => explain::diagnostic(error, doing),
        LookupError::Ambiguous(ambiguous) => Diagnostic::error(
            "Several solutions have this name",
            format!(
                "The {} is that of {} packages in Content Hub:\n{}\n\nA content id is unique: set content_id to one of these, \
                 and remove display_name.",
                ambiguous.selector,
                ambiguous.candidates.len(),
                listed(&ambiguous.candidates)
            ),
        ),
        LookupError::NotFound { selector, nearest, searched } => {
            Diagnostic::error("No such solution in Content Hub", not_found(selector, nearest, *searched))
        }
    }
}

fn not_found(selector: &Selector, nearest: &[Candidate], searched: usize) -> String {
    let missing = format!(
        "None of the {searched} packages that the catalogue of this workspace offers has the {selector}, and none is \
         installed under it."
    );
    if nearest.is_empty() {
        format!("{missing} The Content Hub page of the portal shows what there is.")
    } else {
        format!("{missing} Did you mean one of these?\n{}", listed(nearest))
    }
}

fn listed(candidates: &[Candidate]) -> String {
    candidates.iter().map(|candidate| format!("  - {candidate}")).collect::<Vec<_>>().join("\n")
}
