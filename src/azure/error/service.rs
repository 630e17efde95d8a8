//! An error response of an Azure service.

use std::fmt;
use std::time::Duration;

use super::{Challenge, ClockError, PolicyViolation};
use crate::redaction::Secrets;

/// An error response of a service.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServiceError {
    /// The HTTP status.
    pub status: u16,
    /// Azure's code, for example `AuthorizationFailed`. The innermost code if errors are nested.
    pub code: Option<String>,
    /// Azure's message, or a description of the body if it has no message.
    pub message: String,
    /// The nested errors.
    pub details: Vec<ErrorDetail>,
    /// The policies that deny the request. Nested errors list their own.
    pub policies: Vec<PolicyViolation>,
    /// The correlation ID for Azure support: `x-ms-correlation-request-id` of the response or of the request.
    pub correlation_id: Option<String>,
    /// The request ID: `x-ms-request-id` of the response.
    pub request_id: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The path of the request, without the query.
    pub path: String,
    /// The `WWW-Authenticate` header of a 401.
    pub challenge: Option<Challenge>,
    /// Whether the rejected token was new, requested after Azure had rejected another token.
    pub is_new_token: bool,
    /// The authentication method of the rejected token of a 401.
    pub authentication_method: Option<&'static str>,
    /// How long the request was retried because a role was missing.
    pub awaited_role: Option<Duration>,
    /// The difference between the clocks of this machine and of Azure. `None` if it is small or unknown.
    pub clock_error: Option<ClockError>,
    /// Whether the body is not from Azure: a proxy or a gateway responded.
    pub foreign: bool,
    /// Whether an earlier attempt of the same call may have taken effect, because its response was lost.
    pub earlier_attempt_lost: bool,
}

/// A nested error of a [`ServiceError`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ErrorDetail {
    /// Azure's code.
    pub code: Option<String>,
    /// The target of the error, for example the name of a field.
    pub target: Option<String>,
    /// Azure's message.
    pub message: String,
    /// The policies that deny the request.
    pub policies: Vec<PolicyViolation>,
    /// The position of the error in the text of a query.
    pub position: Option<TextPosition>,
}

/// A position in the text of a query, as Azure counts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TextPosition {
    /// The line, from 1.
    pub line: usize,
    /// The number of characters before the position in its line.
    pub pos: usize,
}

impl ServiceError {
    /// Whether the error has this code, ignoring case: services write the same code differently.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether the access token is from a tenant that has no access to the subscription.
    #[must_use]
    pub fn is_wrong_tenant(&self) -> bool {
        self.status == 401 && self.has_code("InvalidAuthenticationTokenTenant")
    }

    /// Whether the API version does not exist in this cloud.
    #[must_use]
    pub fn is_unsupported_api_version(&self) -> bool {
        const CODES: [&str; 4] =
            ["InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType", "UnsupportedApiVersion"];
        matches!(self.status, 400 | 404) && CODES.iter().any(|code| self.has_code(code))
    }

    /// Whether a policy denies the request, also as a nested error.
    #[must_use]
    pub fn is_denied_by_policy(&self) -> bool {
        is_policy(self.code.as_deref(), &self.policies) || self.details.iter().any(ErrorDetail::is_denied_by_policy)
    }

    /// Whether this is the 404 of a workspace that is not onboarded to Sentinel. It says nothing about the requested
    /// object.
    #[must_use]
    pub fn has_no_workspace_metadata(&self) -> bool {
        self.status == 404 && self.message.to_ascii_lowercase().contains("workspacemetadata")
    }

    /// Whether the identity lacks a role. A deployment reports the missing roles for its resources as an invalid
    /// template.
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

    /// The same error with `secrets` masked.
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
    fn distinguishes_a_missing_role_from_other_errors() {
        let template = "Deployment failed with multiple errors: 'Authorization failed for template resource 'x' …'";

        assert!(error(403, "AuthorizationFailed", "no").is_missing_role());
        assert!(error(403, "InvalidTemplateDeployment", template).is_missing_role());
        assert!(error(400, "InvalidTemplateDeployment", template).is_missing_role());
        assert!(!error(403, "RequestDisallowedByPolicy", "no").is_missing_role());
        assert!(!error(400, "InvalidTemplateDeployment", "'x' is wrong").is_missing_role());
        assert!(!error(401, "AuthorizationFailed", "no").is_missing_role());
    }
}
