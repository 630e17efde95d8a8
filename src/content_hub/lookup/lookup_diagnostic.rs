//! What a user reads when a look-up gave no solution.

use super::catalogue::LookupError;
use super::selector::{Candidate, Selector};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;

/// The error in words; without a path, which only the schema at hand knows.
pub(crate) fn of(error: &LookupError) -> Diagnostic {
    match error {
        LookupError::Azure { doing, error } => azure_diagnostics::from_error(error, doing),
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
        LookupError::NotFound { selector, searched, is_installed: true, .. } => Diagnostic::error(
            "The solution is not on offer any more",
            format!(
                "The {selector} is that of something installed, and none of the {searched} packages that the catalogue of this \
                 workspace offers has it any more: it cannot be installed or repaired. It can be imported, to uninstall it."
            ),
        ),
        LookupError::NotFound { selector, nearest, searched, is_installed: false } => {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_hub::lookup::selector::Ambiguous;

    fn candidate(content_id: &str, display_name: &str) -> Candidate {
        Candidate {
            content_id: content_id.to_owned(),
            display_name: display_name.to_owned(),
            kind: Some("Solution".to_owned()),
        }
    }

    fn told(error: &LookupError) -> String {
        let Diagnostic { summary, detail, .. } = of(error);
        format!("{summary}\n\n{detail}")
    }

    #[test]
    fn what_is_not_there_has_neighbours() {
        let error = LookupError::NotFound {
            selector: Selector::DisplayName("Contoso Firewal".to_owned()),
            nearest: vec![candidate("contoso.firewall", "Contoso Firewall")],
            searched: 412,
            is_installed: false,
        };

        insta::assert_snapshot!(told(&error), @r#"
        No such solution in Content Hub

        None of the 412 packages that the catalogue of this workspace offers has the display name "Contoso Firewal", and none is installed under it. Did you mean one of these?
          - contoso.firewall ("Contoso Firewall", Solution)
        "#);
    }

    #[test]
    fn what_has_no_neighbours_says_where_to_look() {
        let error = LookupError::NotFound {
            selector: Selector::ContentId("zzz".to_owned()),
            nearest: vec![],
            searched: 412,
            is_installed: false,
        };

        insta::assert_snapshot!(told(&error), @r#"
        No such solution in Content Hub

        None of the 412 packages that the catalogue of this workspace offers has the content id "zzz", and none is installed under it. The Content Hub page of the portal shows what there is.
        "#);
    }

    #[test]
    fn a_name_of_several_lists_their_content_ids() {
        let error = LookupError::Ambiguous(Ambiguous {
            selector: Selector::DisplayName("Firewall".to_owned()),
            candidates: vec![candidate("contoso.a", "Firewall"), candidate("fabrikam.b", "firewall")],
        });

        insta::assert_snapshot!(told(&error), @r#"
        Several solutions have this name

        The display name "Firewall" is that of 2 packages in Content Hub:
          - contoso.a ("Firewall", Solution)
          - fabrikam.b ("firewall", Solution)

        A content id is unique: set content_id to one of these, and remove display_name.
        "#);
    }
}
