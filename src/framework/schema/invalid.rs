//! The error for a value that an attribute does not accept: what is wrong, and at which path in the value.

use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::value::{Mismatch, Path, Value};

/// A value that an attribute cannot have.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{summary}: {detail}")]
pub struct Invalid {
    /// The path inside the attribute's value.
    pub path: Path,
    /// The summary, in a few words.
    pub summary: String,
    /// What was found, what was expected, and what to do next.
    pub detail: String,
}

impl Invalid {
    /// Creates an error that concerns the whole value.
    pub fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: Path::root(), summary: summary.into(), detail: detail.into() }
    }

    /// Prefixes the path with the path of the enclosing value.
    #[must_use]
    pub fn within(mut self, outer: Path) -> Self {
        self.path = outer.join(&self.path);
        self
    }

    /// Creates an error for a value of the wrong type.
    #[must_use]
    pub fn kind(expected: &str, found: &Value) -> Self {
        if found.is_null() {
            return Self::new("Missing value", format!("This value is required. Expected {expected}."));
        }
        Self::new("Wrong type of value", format!("Expected {expected}, found {}.", found.kind()))
    }
}

impl From<Mismatch> for Invalid {
    fn from(mismatch: Mismatch) -> Self {
        Self::new("Wrong type of value", format!("{mismatch}.")).within(mismatch.path)
    }
}

impl From<Invalid> for Diagnostic {
    fn from(invalid: Invalid) -> Self {
        let diagnostic = Self::error(invalid.summary, invalid.detail);
        if invalid.path.is_root() { diagnostic } else { diagnostic.at(invalid.path) }
    }
}

impl From<Invalid> for Diagnostics {
    fn from(invalid: Invalid) -> Self {
        Diagnostic::from(invalid).into()
    }
}
