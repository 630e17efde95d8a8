//! An error response of an Azure service.

use std::fmt;
use std::time::Duration;

use super::{Challenge, ClockError};

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
    /// The `WWW-Authenticate` header of a 401.
    pub challenge: Option<Challenge>,
    /// The token was a new one, requested because Azure had rejected the one before.
    pub is_new_token: bool,
    /// How long the request was repeated because a role was missing.
    pub awaited_role: Option<Duration>,
    /// How far the clock of this machine is from Azure's. None if the difference is small or not known.
    pub clock_error: Option<ClockError>,
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

    /// Whether the login lacks a role, which a new role assignment can change. A deployment reports the missing roles of
    /// its resources as an invalid template.
    #[must_use]
    pub fn is_missing_role(&self) -> bool {
        let says = |part: &str| self.message.to_ascii_lowercase().contains(part);
        match self.status {
            403 if self.has_code("AuthorizationFailed") || self.has_code("LinkedAuthorizationFailed") => true,
            400 | 403 => {
                self.has_code("InvalidTemplateDeployment")
                    && (says("authorization failed")
                        || self.details.iter().any(|detail| detail.has_code("AuthorizationFailed")))
            }
            _ => false,
        }
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

impl ErrorDetail {
    fn has_code(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, code: &str, message: &str) -> ServiceError {
        let (code, message) = (Some(code.to_owned()), message.to_owned());
        ServiceError { status, code, message, ..ServiceError::default() }
    }

    #[test]
    fn a_missing_role_is_told_from_other_refusals() {
        let template = "Deployment failed with multiple errors: 'Authorization failed for template resource 'x' …'";

        assert!(error(403, "AuthorizationFailed", "no").is_missing_role());
        assert!(error(403, "InvalidTemplateDeployment", template).is_missing_role());
        assert!(error(400, "InvalidTemplateDeployment", template).is_missing_role());
        assert!(!error(403, "RequestDisallowedByPolicy", "no").is_missing_role());
        assert!(!error(400, "InvalidTemplateDeployment", "'x' is wrong").is_missing_role());
        assert!(!error(401, "AuthorizationFailed", "no").is_missing_role());
    }
}
