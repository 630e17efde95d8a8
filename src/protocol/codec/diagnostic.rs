//! Diagnostics and attribute paths.

use crate::framework::{Diagnostic, Diagnostics, Path, PathStep, Severity};
use crate::protocol::proto;
use crate::protocol::proto::attribute_path::step::Selector;
use crate::protocol::proto::diagnostic::Severity as ProtoSeverity;

/// The longest text of a diagnostic, in bytes. Messages quote what was found, and a value can be larger than a message
/// that the other side accepts; nobody reads even this much.
const TEXT_LIMIT: usize = 16 * 1024;

pub(in crate::protocol) fn encode_all(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.into_iter().map(encode).collect()
}

pub(in crate::protocol) fn encode(diagnostic: Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => ProtoSeverity::Error,
        Severity::Warning => ProtoSeverity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: bounded(diagnostic.summary),
        detail: bounded(diagnostic.detail),
        // The root is told by having no path: a CLI takes an empty one for an attribute without a name.
        attribute: diagnostic.path.as_ref().filter(|path| !path.steps().is_empty()).map(encode_path),
    }
}

/// The text, without its middle where it is too long: what is wrong stands at the beginning, what to do at the end.
fn bounded(text: String) -> String {
    if text.len() <= TEXT_LIMIT {
        return text;
    }
    let boundary = |near: usize| (near..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let head = &text[..boundary(TEXT_LIMIT / 2)];
    let tail = &text[boundary(text.len() - TEXT_LIMIT / 2)..];
    let left_out = text.len() - head.len() - tail.len();
    format!("{head} […{left_out} bytes left out…] {tail}")
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
    fn a_path_keeps_its_steps_in_order() {
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
    fn a_diagnostic_of_the_whole_object_has_no_path() {
        let encoded = encode(Diagnostic::error("Summary", "Detail").at(Path::root()));

        assert_eq!(encoded.attribute, None);
    }

    #[test]
    fn a_text_without_end_keeps_its_beginning_and_its_end() {
        let detail = format!("\"{}\" is not an id: it must begin with a slash", "ä".repeat(3_000_000));

        let shown = encode(Diagnostic::error("Not an id", detail)).detail;

        assert!(shown.len() < TEXT_LIMIT + 100, "{}", shown.len());
        assert!(shown.starts_with("\"ää") && shown.ends_with("\" is not an id: it must begin with a slash"), "{shown}");
        assert!(shown.contains("ä […59"), "{shown}");
    }

    #[test]
    fn severities_are_told_apart() {
        let severity = |diagnostic| encode(diagnostic).severity();

        assert_eq!(severity(Diagnostic::error("", "")), ProtoSeverity::Error);
        assert_eq!(severity(Diagnostic::warning("", "")), ProtoSeverity::Warning);
    }
}
