//! Rules about which attributes are set together, as data: they are checked, and they are told in the documentation.

use super::attribute::AnyAttribute;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::value::{Path, Value};

/// A rule about several attributes of one object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Rule {
    /// Exactly one of them is set.
    ExactlyOneOf(Vec<&'static str>),
    /// At least one of them is set.
    AtLeastOneOf(Vec<&'static str>),
    /// At most one of them is set.
    Conflicting(Vec<&'static str>),
    /// Where the first is set, all others are.
    Requires(&'static str, Vec<&'static str>),
}

impl Rule {
    /// The rule as a sentence, in Markdown.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::ExactlyOneOf(names) => format!("Exactly one of {} must be set.", listed(names, "or")),
            Self::AtLeastOneOf(names) => format!("At least one of {} must be set.", listed(names, "or")),
            Self::Conflicting(names) => format!("Only one of {} may be set.", listed(names, "or")),
            Self::Requires(name, others) => {
                format!("Where `{name}` is set, {} must be set too.", listed(others, "and"))
            }
        }
    }

    /// The attributes it is about.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Self::ExactlyOneOf(names) | Self::AtLeastOneOf(names) | Self::Conflicting(names) => names.clone(),
            Self::Requires(name, others) => [&[*name], others.as_slice()].concat(),
        }
    }

    /// Checks a configuration. What is unknown may turn out to be set or not, so it breaks no rule.
    pub(in crate::framework) fn check(&self, config: &Value) -> Diagnostics {
        let names = self.names();
        let set: Vec<_> = names.iter().filter(|name| is_set(config.attribute(name))).copied().collect();
        let unknown = names.iter().any(|name| config.attribute(name).is_unknown());
        let too_many = || set.iter().map(|name| self.broken("Conflicting arguments").at(Path::attribute(name)));
        match self {
            Self::ExactlyOneOf(_) | Self::Conflicting(_) if set.len() > 1 => too_many().collect(),
            Self::ExactlyOneOf(_) | Self::AtLeastOneOf(_) if set.is_empty() && !unknown => names
                .first()
                .map(|name| self.broken("Missing argument").at(Path::attribute(name)))
                .into_iter()
                .collect(),
            Self::Requires(name, others) if set.contains(name) => {
                let missing = others.iter().filter(|other| config.attribute(other).is_null());
                missing.map(|other| self.broken("Missing argument").at(Path::attribute(other))).collect()
            }
            _ => Diagnostics::new(),
        }
    }

    fn broken(&self, summary: &str) -> Diagnostic {
        Diagnostic::error(summary, self.sentence())
    }
}

/// The names of rows of a table.
pub(super) fn names(rows: &[&dyn AnyAttribute]) -> Vec<&'static str> {
    rows.iter().map(|row| row.name()).collect()
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Unknown => false,
        // Blocks are never null: one that is not written is an empty collection.
        Value::List(values) | Value::Set(values) => !values.is_empty(),
        _ => true,
    }
}

fn listed(names: &[&str], word: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(rule: &Rule, config: &[(&str, Value)]) -> Vec<String> {
        let config = Value::object(config.iter().cloned());
        rule.check(&config).into_iter().filter_map(|diagnostic| diagnostic.path).map(|path| path.to_string()).collect()
    }

    #[test]
    fn exactly_one_of_refuses_none_and_both() {
        let rule = Rule::ExactlyOneOf(vec!["a", "b"]);

        assert_eq!(paths(&rule, &[]), ["a"]);
        assert_eq!(paths(&rule, &[("a", "x".into()), ("b", "y".into())]), ["a", "b"]);
        assert!(paths(&rule, &[("b", "y".into())]).is_empty());
    }

    #[test]
    fn what_is_unknown_may_be_the_one() {
        for rule in [Rule::ExactlyOneOf(vec!["a", "b"]), Rule::AtLeastOneOf(vec!["a", "b"])] {
            assert!(paths(&rule, &[("a", Value::Unknown)]).is_empty());
            assert!(paths(&rule, &[("a", Value::Unknown), ("b", "y".into())]).is_empty());
        }
    }

    #[test]
    fn conflicting_arguments_may_all_be_absent() {
        let rule = Rule::Conflicting(vec!["a", "b"]);

        assert!(paths(&rule, &[]).is_empty());
        assert_eq!(paths(&rule, &[("a", "x".into()), ("b", "y".into())]).len(), 2);
    }

    #[test]
    fn required_companions_are_named() {
        let rule = Rule::Requires("a", vec!["b", "c"]);

        assert_eq!(paths(&rule, &[("a", "x".into()), ("b", Value::Unknown)]), ["c"]);
        assert!(paths(&rule, &[("b", "x".into())]).is_empty());
        assert_eq!(rule.sentence(), "Where `a` is set, `b` and `c` must be set too.");
    }
}
