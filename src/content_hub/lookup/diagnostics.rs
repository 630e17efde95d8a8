//! The diagnostics of look-ups.

use super::error::LookupError;
use super::selector::{Candidate, Selector};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;

/// The diagnostic of a look-up error. The caller sets its attribute.
pub(crate) fn lookup_failed(error: &LookupError) -> Diagnostic {
    match error {
        LookupError::Azure { activity, error } => azure_diagnostics::from_error(error, activity),
        LookupError::Ambiguous(ambiguous) => Diagnostic::error(
            "Several solutions have this name",
            format!(
                "{} packages in Content Hub have the {}:\n{}\n\nA content ID is unique. Set `content_id` to one of \
                 these, and remove `display_name`.",
                ambiguous.candidates.len(),
                ambiguous.selector,
                list(&ambiguous.candidates)
            ),
        ),
        LookupError::NotFound { selector, catalog_size, is_installed: true, .. } => Diagnostic::error(
            "The catalog no longer contains the solution",
            format!(
                "A solution with the {selector} is installed, but the catalog of this workspace ({catalog_size} packages) no \
                 longer contains it. It cannot be installed or repaired. To uninstall it, import it, and then destroy it."
            ),
        ),
        LookupError::NotFound { selector, suggestions, catalog_size, is_installed: false } => {
            Diagnostic::error("No such solution in Content Hub", not_found(selector, suggestions, *catalog_size))
        }
    }
}

fn not_found(selector: &Selector, suggestions: &[Candidate], catalog_size: usize) -> String {
    let missing = format!(
        "No solution has the {selector}: neither in the catalog of this workspace ({catalog_size} packages) nor among the \
         installed solutions."
    );
    if suggestions.is_empty() {
        format!("{missing} The Content Hub page of the portal lists all solutions.")
    } else {
        format!("{missing} Did you mean one of these?\n{}", list(suggestions))
    }
}

fn list(candidates: &[Candidate]) -> String {
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

    fn text(error: &LookupError) -> String {
        let Diagnostic { summary, detail, .. } = lookup_failed(error);
        format!("{summary}\n\n{detail}")
    }

    #[test]
    fn unknown_name_suggests_similar_names() {
        let error = LookupError::NotFound {
            selector: Selector::DisplayName("Contoso Firewal".to_owned()),
            suggestions: vec![candidate("contoso.firewall", "Contoso Firewall")],
            catalog_size: 412,
            is_installed: false,
        };

        insta::assert_snapshot!(text(&error), @r#"
        No such solution in Content Hub

        No solution has the display name "Contoso Firewal": neither in the catalog of this workspace (412 packages) nor among the installed solutions. Did you mean one of these?
          - contoso.firewall ("Contoso Firewall", Solution)
        "#);
    }

    #[test]
    fn names_the_portal_if_there_are_no_suggestions() {
        let error = LookupError::NotFound {
            selector: Selector::ContentId("zzz".to_owned()),
            suggestions: vec![],
            catalog_size: 412,
            is_installed: false,
        };

        insta::assert_snapshot!(text(&error), @r#"
        No such solution in Content Hub

        No solution has the content ID "zzz": neither in the catalog of this workspace (412 packages) nor among the installed solutions. The Content Hub page of the portal lists all solutions.
        "#);
    }

    #[test]
    fn ambiguous_name_lists_the_content_ids() {
        let error = LookupError::Ambiguous(Ambiguous {
            selector: Selector::DisplayName("Firewall".to_owned()),
            candidates: vec![candidate("contoso.a", "Firewall"), candidate("fabrikam.b", "firewall")],
        });

        insta::assert_snapshot!(text(&error), @r#"
        Several solutions have this name

        2 packages in Content Hub have the display name "Firewall":
          - contoso.a ("Firewall", Solution)
          - fabrikam.b ("firewall", Solution)

        A content ID is unique. Set `content_id` to one of these, and remove `display_name`.
        "#);
    }
}
