//! An error response of an Azure service.

use std::fmt;
use std::time::Duration;

use super::{Challenge, ClockError, PolicyViolation};
use crate::redaction::Secrets;

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
    /// The policies that deny the request, as far as this error itself names them.
    pub policies: Vec<PolicyViolation>,
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
    /// The authentication method that issued the rejected token, after 401.
    pub authentication_method: Option<&'static str>,
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
    /// The policies that deny the request.
    pub policies: Vec<PolicyViolation>,
    /// Where in the text of a query the error is.
    pub position: Option<TextPosition>,
}

/// A place in the text of a query, as Azure counts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TextPosition {
    /// The line, from 1.
    pub line: usize,
    /// The number of characters before the place in its line.
    pub pos: usize,
}

impl ServiceError {
    /// Whether this is the code, ignoring case: services differ in how they write the same code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether the API version does not exist in this cloud.
    #[must_use]
    pub fn is_unsupported_api_version(&self) -> bool {
        const CODES: [&str; 4] =
            ["InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType", "UnsupportedApiVersion"];
        matches!(self.status, 400 | 404) && CODES.iter().any(|code| self.has_code(code))
    }

    /// Whether a policy denies the request, also if Azure wraps this in another error.
    #[must_use]
    pub fn is_denied_by_policy(&self) -> bool {
        is_policy(self.code.as_deref(), &self.policies) || self.details.iter().any(ErrorDetail::is_denied_by_policy)
    }

    /// Whether this is the 404 with which Sentinel says that it is not on the workspace. It says nothing about the object
    /// that was asked for.
    #[must_use]
    pub fn has_no_workspace_metadata(&self) -> bool {
        self.status == 404 && self.message.to_ascii_lowercase().contains("workspacemetadata")
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

impl ErrorDetail {
    /// Whether a policy denies the request.
    #[must_use]
    pub fn is_denied_by_policy(&self) -> bool {
        is_policy(self.code.as_deref(), &self.policies)
    }

    /// The same without the secrets that it repeats.
    #[must_use]
    pub fn masked(mut self, secrets: &Secrets) -> Self {
        self.map_texts(&|text| secrets.mask(text).into_owned());
        self
    }

    pub(super) fn map_texts(&mut self, map: &impl Fn(&str) -> String) {
        self.message = map(&self.message);
        self.target = self.target.as_deref().map(map);
        self.policies.iter_mut().for_each(|policy| policy.map_texts(map));
    }
}

fn is_policy(code: Option<&str>, policies: &[PolicyViolation]) -> bool {
    !policies.is_empty() || code.is_some_and(|code| code.eq_ignore_ascii_case("RequestDisallowedByPolicy"))
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} returned status {}", self.method, self.path, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ServiceError {}

impl ErrorDetail {
    pub fn has_code(&self, code: &str) -> bool {
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
        let is_named = self.code.is_some() || self.target.is_some();
        if is_named && !self.message.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)?;
        for (position, policy) in self.policies.iter().enumerate() {
            let separator = if position > 0 || is_named || !self.message.is_empty() { "; " } else { "" };
            write!(f, "{separator}{policy}")?;
        }
        Ok(())
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
