//! Errors of calls to Azure.
//!
//! `service.rs` is an error response of a service, read by `body.rs`, `policy.rs` and `challenge.rs`;
//! `authentication.rs` is a login that failed; `endpoint.rs` is an address that cannot be used. This file joins them.

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
    SecretFlaw, Unused, UnusedMethod, the,
};
pub use body::innermost;
pub(super) use body::{ErrorBody, strip_bom};
pub use challenge::Challenge;
pub use clock_error::ClockError;
pub use endpoint::InvalidEndpoint;
pub use policy::PolicyViolation;
pub use service::{ErrorDetail, ServiceError, TextPosition};

/// A call that returned no usable response.
///
/// Displays as a fragment that reads after "failed: ". `azure_diagnostics` adds the likely cause and what to do.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The service returned an error.
    #[error("{0}")]
    Service(Box<ServiceError>),

    /// There is no access token.
    #[error("{0}")]
    Authentication(Box<AuthenticationError>),

    /// No response: the host could not be reached, or the connection closed before the response was complete.
    #[error("no response from {host}: {cause}")]
    Transport {
        /// Host, with the port unless it is 443.
        host: String,
        /// How it failed.
        kind: TransportKind,
        /// All causes, outermost first.
        cause: String,
    },

    /// The service reported success, but the response body is not the expected one.
    #[error("the response from {host} to {method} {path} with status {status} is invalid: {cause}")]
    InvalidResponse {
        /// Host that responded.
        host: String,
        /// HTTP method.
        method: String,
        /// Path of the request, without its query.
        path: String,
        /// HTTP status.
        status: u16,
        /// What is wrong with the body; never the body itself.
        cause: String,
    },

    /// The time limit passed, or would pass before the next attempt.
    #[error("{}{}", limit.exceeded(*waited, *next_wait), because(last.as_deref()))]
    TimedOut {
        /// The last failure that was retried: the reason for the wait.
        last: Option<Box<Self>>,
        /// How long the call took.
        waited: Duration,
        /// The time limit.
        limit: TimeLimit,
        /// When the next attempt would be due, if the call ended because that is after the deadline.
        next_wait: Option<Duration>,
        /// The request may have taken effect although no response arrived.
        outcome_unknown: bool,
    },

    /// The service asks to wait longer than the timeout of the operation allows.
    #[error("throttled until {}, later than the timeout allows: {last}", httpdate::fmt_http_date(*until))]
    Throttled {
        /// When the service accepts requests again.
        until: SystemTime,
        /// The time limit.
        limit: TimeLimit,
        /// The response that said so.
        last: Box<Self>,
    },

    /// Azure answered, and the list goes on.
    #[error("the list has {pages} pages so far, and there are more")]
    MorePages {
        /// How many pages were read.
        pages: usize,
    },

    /// Terraform asked the provider to stop.
    #[error("canceled")]
    Cancelled {
        /// The request may have taken effect although no response arrived.
        outcome_unknown: bool,
    },

    /// A write was retried because its response was lost, and the last attempt says nothing about the first.
    #[error("{last}; an earlier attempt may have taken effect")]
    Unconfirmed {
        /// How the last attempt failed.
        last: Box<Self>,
    },

    /// A response named an address on another host. Access tokens are never sent there.
    #[error("the response contains a URL on {host}, which does not belong to the configured cloud ({expected})")]
    ForeignHost {
        /// The host that was named.
        host: String,
        /// The host of the service.
        expected: String,
    },

    /// An endpoint of the cloud is not usable as configured.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),

    /// A variable of this machine's environment names a proxy or certificates that cannot be used.
    #[error("the environment variable {variable} cannot be used: {problem}")]
    Environment {
        /// The variable.
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

    /// A response to `method` and `url` that reported success and is not usable, because of `cause`.
    pub(super) fn invalid_response(method: &Method, url: &Url, status: StatusCode, cause: impl Into<String>) -> Self {
        Self::InvalidResponse {
            host: host_of(url),
            method: method.to_string(),
            path: url.path().to_owned(),
            status: status.as_u16(),
            cause: cause.into(),
        }
    }

    /// The time limit that the call has exceeded, or would exceed with another attempt.
    #[must_use]
    pub fn time_limit(&self) -> Option<TimeLimit> {
        match self {
            Self::TimedOut { limit, .. } | Self::Throttled { limit, .. } => Some(*limit),
            Self::Unconfirmed { last } => last.time_limit(),
            _ => None,
        }
    }

    /// The error response of the service; also the last one before a timeout.
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

    /// The service says that the object does not exist: status 404 with one of the codes that mean this. Pages of
    /// proxies and gateways, types unknown to the api-version (`InvalidResourceType`), subscriptions hidden from the
    /// login and workspaces without Sentinel are also 404 and say nothing about the object.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let Self::Service(error) = self else { return false };
        let code = error.code.as_deref().unwrap_or_default().to_ascii_lowercase();
        error.status == 404
            && code.ends_with("notfound")
            && !HIDING_CODES.contains(&code.as_str())
            && !error.has_no_workspace_metadata()
    }

    /// The service refused a write because the document changed after it was read. Sentinel reports this with 412, or
    /// with 409 and a message about the etag. Any other 409 means something else.
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

    /// The same error. A timeout without a last response gets `reason` instead.
    #[must_use]
    pub fn blamed_on(self, reason: Option<&Self>) -> Self {
        match self {
            Self::TimedOut { last: None, waited, limit, next_wait, outcome_unknown } => {
                Self::TimedOut { last: reason.cloned().map(Box::new), waited, limit, next_wait, outcome_unknown }
            }
            other => other,
        }
    }

    /// The same error for a call that follows a write of the same operation: an interruption can no longer claim that
    /// nothing changed.
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

    /// Whether the write may have taken effect: its response was lost.
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

/// Codes of a 404 that do not mean that the object is absent, in lower case.
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

/// How a connection failed. Except for [`TransportKind::Interrupted`], the request never reached the service.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TransportKind {
    /// The host name could not be resolved.
    Name,
    /// The host refused the connection or did not respond.
    Connect,
    /// The TLS handshake failed, mostly because this machine does not trust the certificate.
    Tls,
    /// The proxy refused to connect.
    Proxy,
    /// The proxy requires a login, or did not accept the user name and the password.
    ProxyLogin,
    /// The connection was established and the request may have taken effect, but no complete response arrived.
    Interrupted,
}

impl TransportKind {
    /// Whether another attempt would fail in the same way. Repeated logins may lock an account.
    #[must_use]
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Tls | Self::ProxyLogin)
    }
}

fn because(last: Option<&Error>) -> String {
    last.map(|error| format!("; the last response was: {error}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(status: u16, message: &str) -> Error {
        ServiceError { status, message: message.to_owned(), ..ServiceError::default() }.into()
    }

    #[test]
    fn a_409_about_the_etag_is_an_etag_conflict() {
        let error = service(409, "Newer instance of rule 'x' exists (Etag does not match). Data was not saved.");

        assert!(error.is_etag_conflict());
    }

    #[test]
    fn any_other_409_is_no_etag_conflict() {
        assert!(!service(409, "Another operation is in progress").is_etag_conflict());
    }

    #[test]
    fn only_a_404_about_the_object_itself_means_that_it_is_absent() {
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
    fn a_timeout_keeps_the_last_retried_response() {
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
