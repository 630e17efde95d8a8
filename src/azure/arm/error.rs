//! An error that Azure answered with.

use std::fmt;

/// Azure's answer to a request it did not carry out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// Azure's code, for example `AuthorizationFailed`; the innermost one where messages are nested.
    pub code: Option<String>,
    /// Azure's message; where the body held none, what the body was.
    pub message: String,
    /// Further errors below this one.
    pub details: Vec<Detail>,
    /// `x-ms-correlation-request-id` of the answer, else the one that was sent: what Azure's support asks for.
    pub correlation_id: Option<String>,
    /// `x-ms-request-id` of the answer.
    pub request_id: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// The body is not Azure's: a proxy or a gateway has answered in its place.
    pub foreign: bool,
    /// An earlier attempt of the same call may have been carried out: its answer was lost.
    pub earlier_attempt_lost: bool,
}

/// One of the errors below a [`ServiceError`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Detail {
    /// Azure's code.
    pub code: Option<String>,
    /// What it is about, for example the name of a field.
    pub target: Option<String>,
    /// Azure's message.
    pub message: String,
}

impl ServiceError {
    /// Is this the code? Azure spells codes in one case, but not everywhere in the same.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} answered with status {}", self.method, self.path, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ServiceError {}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(f, "{code}")?;
        }
        if let Some(target) = &self.target {
            write!(f, " ({target})")?;
        }
        if self.code.is_some() || self.target.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}
