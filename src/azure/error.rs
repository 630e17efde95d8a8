//! What can go wrong between the provider and Azure.

use std::time::{Duration, SystemTime};

use super::arm::ServiceError;
use super::cloud::CloudError;
use super::credential::AuthenticationError;

/// A call that did not give an answer one can use.
///
/// Display is a sentence fragment that reads after "failed: "; `explain` adds likely cause and remedy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Azure answered with an error.
    #[error("{0}")]
    Service(Box<ServiceError>),

    /// No token could be had.
    #[error("{0}")]
    Authentication(Box<AuthenticationError>),

    /// No answer: the host could not be reached, or the connection ended before the answer did.
    #[error("no answer from {host}: {cause}")]
    Transport {
        /// Host, and port where it is not 443.
        host: String,
        /// What kind of failure it was.
        kind: TransportKind,
        /// Every cause down the chain, outermost first.
        cause: String,
    },

    /// Azure answered with success, but with a body that is not what it should be.
    #[error("{host} answered {method} {path} with status {status} and a body that cannot be used: {cause}")]
    InvalidResponse {
        /// Host that answered.
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

    /// The operation's timeout has passed.
    #[error("the timeout passed after {}{}", human(*waited), because(last.as_deref()))]
    TimedOut {
        /// The last failure that was worth another attempt: what Azure was doing all the time.
        last: Option<Box<Self>>,
        /// How long the call had lasted.
        waited: Duration,
        /// The request may have been carried out although its answer never came.
        outcome_unknown: bool,
    },

    /// Azure asks to wait longer than the operation's timeout allows.
    #[error("throttled until {}, later than the timeout allows: {last}", httpdate::fmt_http_date(*until))]
    Throttled {
        /// When Azure will take the request.
        until: SystemTime,
        /// The answer that said so.
        last: Box<Self>,
    },

    /// Terraform asked the provider to stop.
    #[error("cancelled")]
    Cancelled {
        /// The request may have been carried out although its answer never came.
        outcome_unknown: bool,
    },

    /// A write was sent again after its answer was lost, and the last attempt failed before it could tell anything.
    #[error("{last}; an earlier attempt may have been carried out all the same")]
    Unconfirmed {
        /// How the last attempt ended.
        last: Box<Self>,
    },

    /// Azure named an address outside the configured cloud; a token never goes there.
    #[error("the service named an address on {host}, which does not belong to the configured cloud ({expected})")]
    ForeignHost {
        /// The host that was named.
        host: String,
        /// The Resource Manager host of the cloud in use.
        expected: String,
    },

    /// An endpoint of the cloud cannot be used as it is configured.
    #[error(transparent)]
    Endpoint(#[from] CloudError),

    /// The HTTP client could not be built: for example no CA certificates on this machine.
    #[error("the HTTPS client cannot be set up: {cause}")]
    Setup {
        /// Every cause down the chain, outermost first.
        cause: String,
    },
}

impl Error {
    /// Azure's own answer, also where it is the last one before a timeout or a throttling limit.
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

    /// Azure says that the thing is not there: status 404 with one of the codes that mean it. A page of a proxy, a
    /// gateway's JSON, a type that the api-version lacks (`InvalidResourceType`), and a subscription that the login does
    /// not see are 404 as well, and say nothing about the thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let Self::Service(error) = self else { return false };
        let code = error.code.as_deref().unwrap_or_default().to_ascii_lowercase();
        error.status == 404 && code.ends_with("notfound") && !HIDING_CODES.contains(&code.as_str())
    }

    /// Azure refused a write because the document has changed since it was read. Sentinel says so with 412, and also
    /// with 409 `Conflict` and a sentence about the etag; any other 409 is not this.
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

    /// The same, of a call that follows writes of the same operation. By itself an interruption changes nothing; one that
    /// follows a write must not be told so.
    #[must_use]
    pub fn after_a_write(self) -> Self {
        match self {
            Self::Cancelled { .. } => Self::Cancelled { outcome_unknown: true },
            Self::TimedOut { last, waited, .. } => Self::TimedOut { last, waited, outcome_unknown: true },
            other => other,
        }
    }

    /// The write may have been carried out although this is an error: an answer was lost on the way.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Service(error) => error.earlier_attempt_lost || matches!(error.status, 408 | 500 | 502..=504),
            Self::Transport { kind, .. } => *kind == TransportKind::Interrupted,
            Self::InvalidResponse { .. } | Self::Unconfirmed { .. } => true,
            Self::TimedOut { outcome_unknown, .. } | Self::Cancelled { outcome_unknown } => *outcome_unknown,
            Self::Throttled { last, .. } => last.outcome_unknown(),
            Self::Authentication(_) | Self::Endpoint(_) | Self::ForeignHost { .. } | Self::Setup { .. } => false,
        }
    }
}

/// Codes of a 404 behind which the thing may well be there, in lower case.
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

/// How a connection failed. All but [`TransportKind::Interrupted`] mean that the request never reached the service.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TransportKind {
    /// The name of the host could not be resolved.
    Name,
    /// The host refused the connection or did not answer.
    Connect,
    /// The TLS handshake failed: mostly a certificate that this machine does not trust.
    Tls,
    /// The proxy refused to connect.
    Proxy,
    /// The connection was made and the request may have been carried out, but the answer did not arrive.
    Interrupted,
}

/// "35 s", "4 min 5 s": how long, for people.
#[must_use]
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, 0) => format!("{} ms", duration.as_millis()),
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

fn because(last: Option<&Error>) -> String {
    last.map(|error| format!("; the last answer was: {error}")).unwrap_or_default()
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
    fn a_409_about_something_else_is_not() {
        assert!(!service(409, "Another operation is in progress").is_etag_conflict());
    }

    #[test]
    fn only_a_404_that_speaks_of_the_thing_means_that_it_is_not_there() {
        let answer = |status, code: Option<&str>| {
            Error::from(ServiceError { status, code: code.map(str::to_owned), ..ServiceError::default() })
        };

        for code in ["ResourceNotFound", "NotFound", "ResourceGroupNotFound", "ParentResourceNotFound", "notfound"] {
            assert!(answer(404, Some(code)).is_not_found(), "{code}");
        }
        for code in [None, Some("InvalidResourceType"), Some("SubscriptionNotFound"), Some("NoRegisteredProviderFound")]
        {
            assert!(!answer(404, code).is_not_found(), "{code:?}");
        }
        assert!(!answer(400, Some("NotFound")).is_not_found());
    }

    #[test]
    fn a_timeout_keeps_the_answer_that_was_retried() {
        let last = Box::new(service(429, "slow down"));
        let error = Error::TimedOut { last: Some(last), waited: Duration::from_secs(305), outcome_unknown: false };

        assert_eq!(error.service().map(|service| service.status), Some(429));
        assert!(error.to_string().starts_with("the timeout passed after 5 min 5 s; the last answer was: "));
    }
}
