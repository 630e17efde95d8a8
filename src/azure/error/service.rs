//! An error response of an Azure service.

use std::fmt;

/// An error response.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// Azure's code, for example `AuthorizationFailed`; the innermost one if errors are nested.
    pub code: Option<String>,
    /// Azure's message; if the body has none, what the body was.
    pub message: String,
    /// Errors below this one.
    pub details: Vec<ErrorDetail>,
    /// `x-ms-correlation-request-id` of the response, or of the request: Azure support asks for it.
    pub correlation_id: Option<String>,
    /// `x-ms-request-id` of the response.
    pub request_id: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// The body is not from Azure: a proxy or a gateway responded.
    pub foreign: bool,
    /// The response to an earlier attempt of the same call was lost, and the attempt may have taken effect.
    pub earlier_attempt_lost: bool,
}

/// One of the errors below a [`ServiceError`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ErrorDetail {
    /// Azure's code.
    pub code: Option<String>,
    /// What the error is about, for example the name of a field.
    pub target: Option<String>,
    /// Azure's message.
    pub message: String,
}

impl ServiceError {
    /// Whether this is the code, ignoring case: services differ in how they write the same code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether this is the 404 with which Sentinel says that it is not on the workspace. It says nothing about the object
    /// that was asked for.
    #[must_use]
    pub fn has_no_workspace_metadata(&self) -> bool {
        self.status == 404 && self.message.to_ascii_lowercase().contains("workspacemetadata")
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

impl fmt::Display for ErrorDetail {
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
