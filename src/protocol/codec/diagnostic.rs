//! Encodes diagnostics and attribute paths.

use crate::framework::{Diagnostic, Diagnostics, Path, PathStep, Severity};
use crate::protocol::proto;
use crate::protocol::proto::attribute_path::step::Selector;
use crate::protocol::proto::diagnostic::Severity as ProtoSeverity;
use crate::redaction;

/// The maximum length of each text of a diagnostic, in bytes. A text may quote a value that is longer than Terraform
/// accepts.
const MAX_TEXT_LENGTH: usize = 16 * 1024;

pub(in crate::protocol) fn encode_all(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.into_iter().map(encode).collect()
}

pub(in crate::protocol) fn encode(diagnostic: Diagnostic) -> proto::Diagnostic {
    let Diagnostic { severity, summary, detail, path, is_about_timeout: _, stops_all_requests: _ } = diagnostic;
    let severity = match severity {
        Severity::Error => ProtoSeverity::Error,
        Severity::Warning => ProtoSeverity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: shown(&summary),
        detail: wrappable(&shown(&detail)),
        // Omit the path for the whole object, because Terraform treats an empty path as an attribute without a name.
        attribute: path.as_ref().filter(|path| !path.steps().is_empty()).map(encode_path),
    }
}

/// Sanitizes and truncates a text, because it may contain texts from Azure and from proxies.
fn shown(text: &str) -> String {
    truncate(redaction::sanitize(text))
}

/// Removes the indentation of list items, because Terraform does not wrap lines that begin with a space.
fn wrappable(detail: &str) -> String {
    detail.replace("\n  - ", "\n- ")
}

/// Removes the middle of a text that is too long. Its beginning names the problem, and its end the remedy.
fn truncate(text: String) -> String {
    if text.len() <= MAX_TEXT_LENGTH {
        return text;
    }
    let boundary = |near: usize| (near..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let head = &text[..boundary(MAX_TEXT_LENGTH / 2)];
    let tail = &text[boundary(text.len() - MAX_TEXT_LENGTH / 2)..];
    let omitted = text.len() - head.len() - tail.len();
    format!("{head} […{omitted} bytes omitted…] {tail}")
}

pub(in crate::protocol) fn encode_path(path: &Path) -> proto::AttributePath {
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            PathStep::Attribute(name) => Selector::AttributeName(name.clone()),
            PathStep::Key(key) => Selector::ElementKeyString(key.clone()),
            PathStep::Index(index) => Selector::ElementKeyInt(*index),
        };
        proto::attribute_path::Step { selector: Some(selector) }
    });
    proto::AttributePath { steps: steps.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_every_step_of_a_path_in_order() {
        let path = Path::attribute("rules").index(2).child("labels").key("a.b");

        let steps: Vec<_> = encode_path(&path).steps.into_iter().filter_map(|step| step.selector).collect();

        let expected = [
            Selector::AttributeName("rules".to_owned()),
            Selector::ElementKeyInt(2),
            Selector::AttributeName("labels".to_owned()),
            Selector::ElementKeyString("a.b".to_owned()),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn omits_the_path_of_the_whole_object() {
        let encoded = encode(Diagnostic::error("Summary", "Detail").at(Path::root()));

        assert_eq!(encoded.attribute, None);
    }

    #[test]
    fn truncates_the_middle_of_a_long_text() {
        let detail = format!("\"{}\" is not an id: it must begin with a slash", "ä".repeat(30_000));

        let shown = encode(Diagnostic::error("Not an id", detail)).detail;

        assert!(shown.len() < MAX_TEXT_LENGTH + 100, "{}", shown.len());
        assert!(shown.starts_with("\"ää"), "the beginning stays");
        assert!(shown.ends_with("ä\" is not an id: it must begin with a slash"), "the end stays");
        assert!(shown.contains("ä […"), "the omission is marked");
    }

    #[test]
    fn removes_secrets_and_control_characters() {
        let detail = "Azure says: \u{1b}[2Jaccess_token=0123456789\u{202e}";

        let shown = encode(Diagnostic::error("Bad\u{7}", detail));

        assert_eq!(
            (shown.summary.as_str(), shown.detail.as_str()),
            ("Bad", "Azure says: access_token=(sensitive value)")
        );
    }

    #[test]
    fn list_items_are_not_indented_so_that_terraform_wraps_them() {
        let encoded = encode(Diagnostic::error("", "Do one:\n  - this\n  - that\n\n  a  command"));

        assert_eq!(encoded.detail, "Do one:\n- this\n- that\n\n  a  command");
    }

    #[test]
    fn encodes_both_severities() {
        let severity = |diagnostic| encode(diagnostic).severity();

        assert_eq!(severity(Diagnostic::error("", "")), ProtoSeverity::Error);
        assert_eq!(severity(Diagnostic::warning("", "")), ProtoSeverity::Warning);
    }
}
