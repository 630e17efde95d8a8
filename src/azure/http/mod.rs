//! HTTPS: one client for everything that the provider sends, and one way to send a call and to retry it.
//!
//! The client is built when it is first needed. It uses the system proxy (`HTTPS_PROXY`, `NO_PROXY`) and the
//! certificates of the system or of `SSL_CERT_FILE` / `SSL_CERT_DIR`, and follows no redirects.
//!
//! `send.rs` retries a call until there is a response or the deadline passes. `attempt.rs` is one request and its
//! response, `progress.rs` is what the call remembers between attempts, `cause.rs` explains failed connections.

mod attempt;
mod cause;
mod progress;
mod send;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::error::Error;
use super::user_agent::UserAgent;

pub(super) use attempt::{Call, FailedAttempt, RawResponse};
pub(super) use cause::{causes, classify};
pub(super) use send::{Anonymous, Authorization, Sent, send};

/// Limit for opening a connection: name resolution, TCP, proxy and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a service may be silent before the response counts as lost. Resource Manager itself gives up after 60 s.
const READ_TIMEOUT: Duration = Duration::from_secs(100);

/// A shared HTTPS client. Clones share its connections.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    user_agent: String,
    /// The only trusted certificate authority instead of those of the system, for tests.
    only_root: Option<reqwest::Certificate>,
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl Http {
    /// A client that identifies itself as `user_agent`. Reads and opens nothing yet.
    #[must_use]
    pub fn new(user_agent: &UserAgent) -> Self {
        Self::with_root(user_agent, None)
    }

    /// A client that trusts only this certificate authority and uses no proxy. Without one, the system decides.
    fn with_root(user_agent: &UserAgent, only_root: Option<reqwest::Certificate>) -> Self {
        Self { inner: Arc::new(Inner { user_agent: user_agent.header(), only_root, client: OnceLock::new() }) }
    }

    /// A client for tests that trusts only `root`.
    #[cfg(test)]
    pub(crate) fn trusting(root: reqwest::Certificate) -> Self {
        Self::with_root(&UserAgent::default(), Some(root))
    }

    /// The client. The first call builds it.
    ///
    /// # Errors
    /// [`Error::Setup`] if it cannot be built, mostly because this machine has no CA certificates.
    pub fn client(&self) -> Result<&reqwest::Client, Error> {
        self.inner
            .client
            .get_or_init(|| build(&self.inner))
            .as_ref()
            .map_err(|cause| Error::Setup { cause: cause.clone() })
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("user_agent", &self.inner.user_agent).finish_non_exhaustive()
    }
}

fn build(inner: &Inner) -> Result<reqwest::Client, String> {
    // `main` installs the crypto provider first; tests do not. Installing it twice fails and changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(&inner.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .https_only(true);
    if let Some(root) = &inner.only_root {
        builder = builder.tls_certs_only([root.clone()]).no_proxy();
    }
    builder.build().map_err(|error| {
        let remedy = match std::env::var_os("SSL_CERT_FILE") {
            Some(file) => {
                format!("SSL_CERT_FILE is set to {file:?}; it must name a file of PEM certificates, or be unset")
            }
            None => {
                "If this machine has no CA certificates, install them (for example the package ca-certificates) or \
                 set SSL_CERT_FILE to a bundle"
                    .to_owned()
            }
        };
        format!("{}. {remedy}", causes(&error))
    })
}

#[cfg(test)]
mod tests;
