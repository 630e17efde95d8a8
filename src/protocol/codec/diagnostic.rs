//! Diagnostics and attribute paths.

use crate::framework::{Diagnostic, Diagnostics, Path, Severity, Step};
use crate::protocol::proto;
use crate::protocol::proto::attribute_path::step::Selector;
use crate::protocol::proto::diagnostic::Severity as ProtoSeverity;

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
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        // The root is told by having no path: a CLI takes an empty one for an attribute without a name.
        attribute: diagnostic.path.as_ref().filter(|path| !path.steps().is_empty()).map(encode_path),
    }
}

pub(in crate::protocol) fn encode_path(path: &Path) -> proto::AttributePath {
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
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
    fn severities_are_told_apart() {
        let severity = |diagnostic| encode(diagnostic).severity();

        assert_eq!(severity(Diagnostic::error("", "")), ProtoSeverity::Error);
        assert_eq!(severity(Diagnostic::warning("", "")), ProtoSeverity::Warning);
    }
}
