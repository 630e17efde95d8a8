//! Diagnostics: the errors and warnings that users see, each with the attribute that it concerns.

use std::fmt;

use super::value::Path;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation succeeded, but the user must know something about it.
    Warning,
}

/// An error or a warning for the user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// What is wrong, in a few words and without a period.
    pub summary: String,
    /// What was found, what was expected and what to do, in sentences.
    pub detail: String,
    /// The attribute that it concerns. `None` means the whole object.
    pub path: Option<Path>,
    /// Whether the operation's timeout is the cause. The framework then reports it on the argument that sets the
    /// timeout.
    pub is_about_timeout: bool,
    /// Whether all other requests fail too, because the provider cannot authenticate or reach the service. A command
    /// that skips this request then does not help.
    pub stops_all_requests: bool,
}

impl Diagnostic {
    /// Creates an error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
            is_about_timeout: false,
            stops_all_requests: false,
        }
    }

    /// Creates an error that only a bug in the provider can cause.
    #[must_use]
    pub fn bug(detail: &str) -> Self {
        Self::error(
            "Internal error of the provider",
            format!(
                "{detail} This is a bug in the provider. Please report it with the provider's log (`TF_LOG_PROVIDER=debug`)."
            ),
        )
    }

    /// Creates a warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// Marks the diagnostic as caused by the operation's timeout.
    #[must_use]
    pub fn about_timeout(self) -> Self {
        Self { is_about_timeout: true, ..self }
    }

    /// Sets the attribute that the diagnostic concerns.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }
}

/// A list of diagnostics, in the order in which they were added.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether the list contains an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether the list is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of diagnostics.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Iterates over the diagnostics.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Returns `Ok` with the value if the list contains no error.
    ///
    /// # Errors
    /// The list itself, if it contains an error.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, diagnostic) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\n" };
            let path = diagnostic.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
            write!(f, "{separator}{path}{}: {}", diagnostic.summary, diagnostic.detail)?;
        }
        Ok(())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self(diagnostics)
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_not_errors() {
        let mut diagnostics = Diagnostics::from(Diagnostic::warning("w", "d"));
        assert!(!diagnostics.has_errors());

        diagnostics.push(Diagnostic::error("e", "d").at(Path::attribute("a")));

        assert!(diagnostics.has_errors());
        assert_eq!(diagnostics.to_string(), "w: d\na: e: d");
    }
}
