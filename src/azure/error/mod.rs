//! Errors of calls to Azure.
//!
//! `service.rs` defines the error response of a service, which `body.rs`, `policy.rs` and `challenge.rs` read.
//! `clock_error.rs` compares clocks. `authentication.rs` defines failed authentication, and `endpoint.rs` an invalid
//! endpoint. [`Error`] combines them.

mod authentication;
mod body;
mod challenge;
mod clock_error;
mod endpoint;
mod policy;
mod service;

use std::time::{Duration, SystemTime};

use http::{Method, StatusCode};
use reqwest::Url;

use super::deadline::TimeLimit;
use super::text::host_of;

pub use authentication::{
    AssertionClaims, AuthenticationError, AuthenticationProblem, CertificateFacts, IdentityDetails, NoCredential,
    SecretFlaw, Unused, UnusedMethod, with_article,
};
pub use body::innermost;
pub(super) use body::{ErrorBody, strip_bom};
pub use challenge::Challenge;
pub use clock_error::ClockError;
pub use endpoint::InvalidEndpoint;
pub use policy::PolicyViolation;
pub use service::{ErrorDetail, ServiceError, TextPosition};

/// Why a call to Azure failed.
///
/// `Display` writes a fragment that follows "failed: ". `azure_diagnostics` adds the likely cause and the solution.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The service returned an error response.
    #[error("{0}")]
    Service(Box<ServiceError>),

    /// The provider could not get an access token.
    #[error("{0}")]
    Authentication(Box<AuthenticationError>),

    /// There was no response: the host was unreachable, or the connection closed before the response was complete.
    #[error("no response from {host}: {cause}")]
    Transport {
        /// The host, with the port unless it is 443.
        host: String,
        /// How the connection failed.
        kind: TransportKind,
        /// All causes, outermost first.
        cause: String,
    },

    /// The service reported success, but the response body is invalid.
    #[error("the response from {host} to {method} {path} with status {status} is invalid: {cause}")]
    InvalidResponse {
        /// The host that responded.
        host: String,
        /// The HTTP method.
        method: String,
        /// The path of the request, without the query.
        path: String,
        /// The HTTP status.
        status: u16,
        /// What is wrong with the body. Contains no part of the body.
        cause: String,
    },

    /// The time limit passed, or would pass before the next attempt.
    #[error("{}{}", limit.exceeded(*waited, *next_wait), last_response(last.as_deref()))]
    TimedOut {
        /// The last error before the timeout.
        last: Option<Box<Self>>,
        /// The time since the call started.
        waited: Duration,
        /// The time limit.
        limit: TimeLimit,
        /// The wait before the next attempt, if the call ended because that attempt would be after the deadline.
        next_wait: Option<Duration>,
        /// The request may have taken effect although no response arrived.
        outcome_unknown: bool,
    },

    /// The service requests a longer wait than the timeout of the operation allows.
    #[error("throttled until {}, later than the timeout allows: {last}", httpdate::fmt_http_date(*until))]
    Throttled {
        /// When the service accepts requests again.
        until: SystemTime,
        /// The time limit.
        limit: TimeLimit,
        /// The response that requests the wait.
        last: Box<Self>,
    },

    /// Not all pages of a list were read. Only used as the last error before a timeout.
    #[error("the list has {pages} pages so far, and there are more")]
    MorePages {
        /// The number of pages that were read.
        pages: usize,
    },

    /// Terraform asked the provider to stop.
    #[error("canceled")]
    Cancelled {
        /// The request may have taken effect although no response arrived.
        outcome_unknown: bool,
    },

    /// A write was retried because its response was lost, and the last attempt failed. An earlier attempt may have
    /// taken effect.
    #[error("{last}; an earlier attempt may have taken effect")]
    Unconfirmed {
        /// The error of the last attempt.
        last: Box<Self>,
    },

    /// A response contains a URL on another host. Access tokens are never sent there.
    #[error("the response contains a URL on {host}, which does not belong to the configured cloud ({expected})")]
    ForeignHost {
        /// The host of the URL.
        host: String,
        /// The host of the service.
        expected: String,
    },

    /// An endpoint of the cloud is invalid.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),

    /// An environment variable contains an invalid proxy or an invalid certificate file.
    #[error("the environment variable {variable} cannot be used: {problem}")]
    Environment {
        /// The environment variable.
        variable: &'static str,
        /// What is wrong, and what was expected.
        problem: String,
    },

    /// The HTTPS client could not be built, for example because this machine has no CA certificates.
    #[error("the HTTPS client cannot be set up: {cause}")]
    Setup {
        /// All causes, outermost first.
        cause: String,
    },
}

/// The cause of an [`Error::InvalidResponse`] whose body is too large to read.
pub(super) const TOO_LARGE: &str = "it is larger than any document of Azure";

impl Error {
    /// Whether the response is too large to read.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::InvalidResponse { cause, .. } if cause == TOO_LARGE)
    }

    /// The error for a response that reported success, but has an invalid body.
    pub(super) fn invalid_response(method: &Method, url: &Url, status: StatusCode, cause: impl Into<String>) -> Self {
        Self::InvalidResponse {
            host: host_of(url),
            method: method.to_string(),
            path: url.path().to_owned(),
            status: status.as_u16(),
            cause: cause.into(),
        }
    }

    /// The time limit that the call exceeded, or would exceed with another attempt.
    #[must_use]
    pub fn time_limit(&self) -> Option<TimeLimit> {
        match self {
            Self::TimedOut { limit, .. } | Self::Throttled { limit, .. } => Some(*limit),
            Self::Unconfirmed { last } => last.time_limit(),
            _ => None,
        }
    }

    /// Whether the endpoint or the audience of the service may be wrong: the host is unknown or not Azure's, or a token for
    /// the audience is not issued or not accepted.
    #[must_use]
    pub fn is_about_endpoint(&self) -> bool {
        match self {
            Self::Service(error) => error.foreign || error.status == 401,
            Self::Transport { kind, .. } => *kind == TransportKind::Name,
            Self::Authentication(error) => error.code() == Some("AADSTS500011"),
            Self::TimedOut { last: Some(last), .. } | Self::Unconfirmed { last } => last.is_about_endpoint(),
            _ => false,
        }
    }

    /// The error response of the service, or the last error response before a timeout.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            Self::TimedOut { last: Some(last), .. } | Self::Throttled { last, .. } | Self::Unconfirmed { last } => {
                last.service()
            }
            _ => None,
        }
    }

    /// Whether the object does not exist: the status is 404 and the code says so. A 404 says nothing about the object
    /// if it comes from a proxy or a gateway, or if it reports a type that the API version does not have
    /// (`InvalidResourceType`), a subscription that the identity cannot read, or a workspace without Sentinel.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let Self::Service(error) = self else { return false };
        let code = error.code.as_deref().unwrap_or_default().to_ascii_lowercase();
        error.status == 404
            && code.ends_with("notfound")
            && !HIDING_CODES.contains(&code.as_str())
            && !error.has_no_workspace_metadata()
    }

    /// Whether the service rejected a write because the document changed after it was read. Sentinel reports this with
    /// 412, or with 409 and a message about the etag. Other 409 responses have other causes.
    #[must_use]
    pub fn is_etag_conflict(&self) -> bool {
        let Self::Service(error) = self else { return false };
        match error.status {
            412 => true,
            409 => {
                let message = error.message.to_ascii_lowercase();
                message.contains("etag") || message.contains("newer instance")
            }
            _ => false,
        }
    }

    /// The same error. A timeout without a last error gets `last_error`.
    #[must_use]
    pub fn with_last_error(self, last_error: Option<&Self>) -> Self {
        match self {
            Self::TimedOut { last: None, waited, limit, next_wait, outcome_unknown } => {
                Self::TimedOut { last: last_error.cloned().map(Box::new), waited, limit, next_wait, outcome_unknown }
            }
            other => other,
        }
    }

    /// The same error for a call that follows a write of the same operation. After an interruption, the outcome is then
    /// unknown.
    #[must_use]
    pub fn after_a_write(self) -> Self {
        match self {
            Self::Cancelled { .. } => Self::Cancelled { outcome_unknown: true },
            Self::TimedOut { last, waited, limit, next_wait, .. } => {
                Self::TimedOut { last, waited, limit, next_wait, outcome_unknown: true }
            }
            other => other,
        }
    }

    /// Whether the write may have taken effect, because its response was lost.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Service(error) => error.earlier_attempt_lost || matches!(error.status, 408 | 500 | 502..=504),
            Self::Transport { kind, .. } => *kind == TransportKind::Interrupted,
            Self::InvalidResponse { .. } | Self::Unconfirmed { .. } => true,
            Self::TimedOut { outcome_unknown, .. } | Self::Cancelled { outcome_unknown } => *outcome_unknown,
            Self::Throttled { last, .. } => last.outcome_unknown(),
            Self::Authentication(_)
            | Self::Endpoint(_)
            | Self::Environment { .. }
            | Self::ForeignHost { .. }
            | Self::MorePages { .. }
            | Self::Setup { .. } => false,
        }
    }
}

/// Codes of a 404, in lower case, that say nothing about the object.
const HIDING_CODES: [&str; 2] = ["subscriptionnotfound", "tenantnotfound"];

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

impl From<Box<AuthenticationError>> for Error {
    fn from(error: Box<AuthenticationError>) -> Self {
        Self::Authentication(error)
    }
}

/// How a connection failed. The request reached the service only with [`TransportKind::Interrupted`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TransportKind {
    /// The host name could not be resolved.
    Name,
    /// The host refused the connection or did not respond.
    Connect,
    /// The TLS handshake failed, usually because this machine does not trust the certificate.
    Tls,
    /// The proxy could not connect to the host.
    Proxy,
    /// The proxy requires authentication, or rejected the user name and the password.
    ProxyAuthentication,
    /// The connection was established, but no complete response arrived. The request may have taken effect.
    Interrupted,
}

impl TransportKind {
    /// Whether another attempt would fail in the same way. Repeated attempts with a wrong password may lock an account.
    #[must_use]
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Tls | Self::ProxyAuthentication)
    }
}

fn last_response(last: Option<&Error>) -> String {
    last.map(|error| format!("; the last response was: {error}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(status: u16, message: &str) -> Error {
        ServiceError { status, message: message.to_owned(), ..ServiceError::default() }.into()
    }

    #[test]
    fn detects_an_etag_conflict_with_status_409() {
        let error = service(409, "Newer instance of rule 'x' exists (Etag does not match). Data was not saved.");

        assert!(error.is_etag_conflict());
    }

    #[test]
    fn other_409_responses_are_not_etag_conflicts() {
        assert!(!service(409, "Another operation is in progress").is_etag_conflict());
    }

    #[test]
    fn only_a_404_about_the_object_means_not_found() {
        let response = |status, code: Option<&str>| {
            Error::from(ServiceError { status, code: code.map(str::to_owned), ..ServiceError::default() })
        };

        for code in ["ResourceNotFound", "NotFound", "ResourceGroupNotFound", "ParentResourceNotFound", "notfound"] {
            assert!(response(404, Some(code)).is_not_found(), "{code}");
        }
        for code in [None, Some("InvalidResourceType"), Some("SubscriptionNotFound"), Some("NoRegisteredProviderFound")]
        {
            assert!(!response(404, code).is_not_found(), "{code:?}");
        }
        assert!(!response(400, Some("NotFound")).is_not_found());
        let (code, message) =
            (Some("NotFound".to_owned()), "Couldn't find workspaceMetadata of workspace id 1".to_owned());
        let no_sentinel = ServiceError { status: 404, code, message, ..ServiceError::default() };
        assert!(!Error::from(no_sentinel).is_not_found());
    }

    #[test]
    fn timeout_keeps_the_last_response() {
        let last = Box::new(service(429, "slow down"));
        let limit = TimeLimit { duration: Duration::from_secs(330), is_adjustable: true };
        let timed_out = |next_wait| Error::TimedOut {
            last: Some(last.clone()),
            waited: Duration::from_secs(305),
            limit,
            next_wait,
            outcome_unknown: false,
        };
        let (error, too_late) = (timed_out(None), timed_out(Some(Duration::from_secs(32))));

        assert_eq!(error.service().map(|service| service.status), Some(429));
        let text = error.to_string();
        assert!(
            text.starts_with("the timeout of 5 min 30 s passed, 5 min 5 s after this step began; the last"),
            "{text}"
        );
        assert_eq!(
            too_late.to_string().split("; ").next(),
            Some(
                "this step was tried for 5 min 5 s, and the next attempt, in 32 s, would be after the timeout of 5 min 30 s"
            )
        );
    }
}
