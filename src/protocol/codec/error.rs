//! Why a value could not be read or written, and at which attribute.

use crate::framework::{Diagnostic, Path, PathStep, Type};

/// What is wrong with a value, and where in it.
///
/// The steps are gathered from the inside out, while the error passes the values around it, so that reading a good
/// value costs nothing for it.
#[derive(Debug)]
pub(in crate::protocol) struct ValueError {
    problem: String,
    steps_outwards: Vec<PathStep>,
}

impl ValueError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), steps_outwards: Vec::new() }
    }

    /// What was found is not what the type asks for. It is named by its kind only: the value may be a secret.
    pub(super) fn mismatch(ty: &Type, found: &str) -> Self {
        let expected = match ty {
            Type::Bool => "a bool",
            Type::Number => "a number",
            Type::String => "a string",
            Type::Dynamic => "a value with its type",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Object(_) => "an object",
            Type::Tuple(elements) => {
                return Self::new(format!("expected a tuple of {}, found {found}", elements.len()));
            }
        };
        Self::new(format!("expected {expected}, found {found}"))
    }

    pub(super) fn in_attribute(self, name: &str) -> Self {
        self.within(PathStep::Attribute(name.to_owned()))
    }

    pub(super) fn in_key(self, key: &str) -> Self {
        self.within(PathStep::Key(key.to_owned()))
    }

    pub(super) fn in_index(self, index: usize) -> Self {
        self.within(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// The elements of a set have no names, so the path ends at the set.
    pub(super) fn in_set_element(mut self) -> Self {
        self.steps_outwards.clear();
        self
    }

    pub(super) fn path(&self) -> Path {
        self.steps_outwards.iter().rev().cloned().collect()
    }

    /// The error in something that the CLI sent, told with what that is: "The saved state", "The configuration".
    pub(in crate::protocol) fn in_request(self, what: &str) -> Diagnostic {
        let detail = format!(
            "{what} does not fit the schema that this version of the provider has: {}. If the provider's version was \
             changed just now, run `init -upgrade`; otherwise please report this.",
            self.problem
        );
        self.diagnostic("Value does not fit the schema", detail)
    }

    /// The error in something that the provider wants to answer: always a fault of its own.
    pub(in crate::protocol) fn in_answer(self, what: &str) -> Diagnostic {
        let detail = format!(
            "{what} that the provider made does not fit its own schema: {}. This is a fault of the provider; please \
             report it.",
            self.problem
        );
        self.diagnostic("Internal error of the provider", detail)
    }

    fn diagnostic(self, summary: &str, detail: String) -> Diagnostic {
        let diagnostic = Diagnostic::error(summary, detail);
        if self.steps_outwards.is_empty() { diagnostic } else { diagnostic.at(self.path()) }
    }

    fn within(mut self, step: PathStep) -> Self {
        self.steps_outwards.push(step);
        self
    }
}
