//! Errors of decoding and encoding values, with the path of the attribute.

use crate::framework::{Diagnostic, Path, PathStep, Type};

/// A problem with a value, and the path of the value.
///
/// The path is collected from the inside out while the error is returned, so that it costs nothing if there is no
/// error.
#[derive(Debug)]
pub(in crate::protocol) struct ValueError {
    problem: String,
    reversed_path: Vec<PathStep>,
}

impl ValueError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), reversed_path: Vec::new() }
    }

    /// The value has another type. `found` is its kind and not its content, which may be a secret.
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

    pub(super) fn invalid_number() -> Self {
        Self::new("expected a number, found other text")
    }

    pub(super) fn at_attribute(self, name: &str) -> Self {
        self.at(PathStep::Attribute(name.to_owned()))
    }

    pub(super) fn at_key(self, key: &str) -> Self {
        self.at(PathStep::Key(key.to_owned()))
    }

    pub(super) fn at_index(self, index: usize) -> Self {
        self.at(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// Ends the path at the set, because a path cannot name an element of a set.
    pub(super) fn at_set_element(mut self) -> Self {
        self.reversed_path.clear();
        self
    }

    pub(super) fn path(&self) -> Path {
        self.reversed_path.iter().rev().cloned().collect()
    }

    /// The diagnostic for a value that Terraform sent. `what` names the value, for example "The saved state".
    pub(in crate::protocol) fn into_request_diagnostic(self, what: &str) -> Diagnostic {
        let detail = format!(
            "{what} does not match the schema of this provider version: {}. If the provider version has changed, run \
             `init -upgrade`. Otherwise, please report this as a bug.",
            self.problem
        );
        self.into_diagnostic("Value does not match the schema", detail)
    }

    /// The diagnostic for a value that the provider returns. It is always a bug of the provider.
    pub(in crate::protocol) fn into_response_diagnostic(self, what: &str) -> Diagnostic {
        let detail = format!("{what} that the provider returned does not match its own schema: {}.", self.problem);
        let bug = Diagnostic::bug(&detail);
        self.into_diagnostic(&bug.summary, bug.detail)
    }

    fn into_diagnostic(self, summary: &str, detail: String) -> Diagnostic {
        let diagnostic = Diagnostic::error(summary, detail);
        if self.reversed_path.is_empty() { diagnostic } else { diagnostic.at(self.path()) }
    }

    fn at(mut self, step: PathStep) -> Self {
        self.reversed_path.push(step);
        self
    }
}
