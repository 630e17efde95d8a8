//! Rules about attributes that are set together. The validation checks them, and the documentation lists them.

use super::attribute_path::AnyAttributePath;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::value::{Path, Value};

/// A rule about several attributes, which may be nested in objects.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Rule {
    /// Exactly one of the attributes must be set.
    ExactlyOneOf(Vec<Path>),
    /// At most one of the attributes may be set.
    Conflicting(Vec<Path>),
    /// If the first attribute is set, all others must be set.
    AlsoRequires(Path, Vec<Path>),
}

impl Rule {
    /// The rule as a sentence, in Markdown.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::ExactlyOneOf(paths) => format!("Exactly one of {} must be set.", listed(paths, "and")),
            Self::Conflicting(paths) => format!("Only one of {} may be set.", listed(paths, "and")),
            Self::AlsoRequires(path, others) => {
                format!("If `{path}` is set, {} must be set too.", listed(others, "and"))
            }
        }
    }

    /// The paths of the rule's attributes.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::ExactlyOneOf(paths) | Self::Conflicting(paths) => paths.iter().collect(),
            Self::AlsoRequires(path, others) => std::iter::once(path).chain(others).collect(),
        }
    }

    /// Checks a configuration. An unknown value violates no rule, because it may turn out to be null.
    pub(in crate::framework) fn check(&self, config: &Value) -> Diagnostics {
        let paths = self.paths();
        let set: Vec<_> = paths.iter().copied().filter(|path| is_set(config.find(path))).collect();
        let may_be_set = paths.iter().any(|path| config.find(path).is_unknown());
        match self {
            Self::ExactlyOneOf(_) | Self::Conflicting(_) if set.len() > 1 => {
                let last = set[set.len() - 1];
                let set: Vec<Path> = set.into_iter().cloned().collect();
                let detail = format!("{} are set. {} Remove the others.", listed(&set, "and"), self.sentence());
                Diagnostic::error("Conflicting arguments", detail).at(last.clone()).into()
            }
            Self::ExactlyOneOf(_) if set.is_empty() && !may_be_set => {
                paths.into_iter().take(1).map(|path| self.violated("Missing argument", path)).collect()
            }
            Self::AlsoRequires(path, others) if set.contains(&path) => {
                let missing = others.iter().filter(|other| config.find(other).is_null());
                missing.map(|other| self.violated("Missing argument", other)).collect()
            }
            _ => Diagnostics::new(),
        }
    }

    fn violated(&self, summary: &str, path: &Path) -> Diagnostic {
        Diagnostic::error(summary, self.sentence()).at(path.clone())
    }
}

/// The paths of attributes.
pub(super) fn paths(attributes: &[&dyn AnyAttributePath]) -> Vec<Path> {
    attributes.iter().map(|attribute| attribute.to_path()).collect()
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Unknown => false,
        // Blocks are never null: an absent block is an empty collection.
        Value::List(values) | Value::Set(values) => !values.is_empty(),
        _ => true,
    }
}

fn listed(paths: &[Path], word: &str) -> String {
    let paths: Vec<_> = paths.iter().map(|path| format!("`{path}`")).collect();
    match paths.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violated(rule: &Rule, config: &[(&str, Value)]) -> Vec<String> {
        let config = Value::object(config.iter().cloned());
        rule.check(&config).into_iter().filter_map(|diagnostic| diagnostic.path).map(|path| path.to_string()).collect()
    }

    fn attributes(names: &[&str]) -> Vec<Path> {
        names.iter().map(|name| Path::attribute(name)).collect()
    }

    #[test]
    fn exactly_one_of_rejects_none_and_both() {
        let rule = Rule::ExactlyOneOf(attributes(&["a", "b"]));

        assert_eq!(violated(&rule, &[]), ["a"]);
        assert_eq!(violated(&rule, &[("a", "x".into()), ("b", "y".into())]), ["b"]);
        assert!(violated(&rule, &[("b", "y".into())]).is_empty());
    }

    #[test]
    fn exactly_one_of_accepts_an_unknown_value() {
        let rule = Rule::ExactlyOneOf(attributes(&["a", "b"]));

        assert!(violated(&rule, &[("a", Value::Unknown)]).is_empty());
        assert!(violated(&rule, &[("a", Value::Unknown), ("b", "y".into())]).is_empty());
    }

    #[test]
    fn conflicting_accepts_absent_arguments() {
        let rule = Rule::Conflicting(attributes(&["a", "b"]));

        assert!(violated(&rule, &[]).is_empty());
        assert_eq!(violated(&rule, &[("a", "x".into()), ("b", "y".into())]), ["b"]);
    }

    #[test]
    fn absent_block_counts_as_not_set() {
        let rule = Rule::Conflicting(attributes(&["a", "b"]));

        assert!(violated(&rule, &[("a", Value::List(vec![])), ("b", "y".into())]).is_empty());
        assert_eq!(violated(&rule, &[("a", Value::List(vec!["x".into()])), ("b", "y".into())]).len(), 1);
    }

    #[test]
    fn also_requires_names_the_missing_arguments() {
        let rule = Rule::AlsoRequires(Path::attribute("a"), attributes(&["b", "c"]));

        assert_eq!(violated(&rule, &[("a", "x".into()), ("b", Value::Unknown)]), ["c"]);
        assert!(violated(&rule, &[("b", "y".into())]).is_empty());
        assert_eq!(rule.sentence(), "If `a` is set, `b` and `c` must be set too.");
    }

    #[test]
    fn rules_find_nested_attributes_by_path() {
        let nested = Path::attribute("a").child("inner");
        let rule = Rule::Conflicting(vec![nested.clone(), Path::attribute("b")]);
        let config = |inner: Value| [("a", Value::object([("inner", inner)])), ("b", "y".into())];

        assert_eq!(violated(&rule, &config("x".into())), ["b"]);
        assert!(violated(&rule, &config(Value::Null)).is_empty());
        assert!(violated(&rule, &config(Value::Unknown)).is_empty());
        assert!(violated(&Rule::ExactlyOneOf(vec![nested]), &[("a", Value::Unknown)]).is_empty());
    }
}
