//! HTTPS: one client for everything that the provider sends, and one way to send a call and to retry it.
//!
//! The client is built when it is first needed. It uses the system proxy (`HTTPS_PROXY`, `NO_PROXY`) and the
//! certificates of the system or of `SSL_CERT_FILE` / `SSL_CERT_DIR`, and follows no redirects.
//!
//! `send.rs` retries a call until there is a response or the deadline passes. `attempt.rs` is one request and its
//! response, `history.rs` is what the call remembers between attempts, `cause.rs` explains failed connections.
//! `proxy.rs` and `roots.rs` check what the environment says about proxies and certificates.

mod attempt;
mod cause;
mod history;
mod proxy;
mod roots;
mod send;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Url;

use super::error::{Error, TransportKind};
use super::user_agent::UserAgent;

use proxy::Proxy;

pub(super) use attempt::{Call, FailedAttempt, RawResponse};
pub(super) use cause::{causes, classify};
pub(super) use send::{Anonymous, Authorization, AuthorizationHeaders, Sent, send};

/// Limit for opening a connection: name resolution, TCP, proxy and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// The same for endpoints of this machine. Outside Azure, nothing answers at the address of a virtual machine's endpoint.
const LOCAL_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The same for a query, beyond the time limit that the service keeps itself.
const QUERY_MARGIN: Duration = Duration::from_secs(30);

/// The longest query.
const MAX_QUERY_TIME: Duration = Duration::from_secs(600);

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
    client: OnceLock<Result<reqwest::Client, Error>>,
    query_client: OnceLock<Result<reqwest::Client, Error>>,
    local_client: OnceLock<Result<reqwest::Client, Error>>,
    /// The proxy did not accept the login. It cannot change during the life of this process.
    proxy_login_failure: OnceLock<Error>,
}

impl Http {
    /// A client that identifies itself as `user_agent`. Reads and opens nothing yet.
    #[must_use]
    pub fn new(user_agent: &UserAgent) -> Self {
        Self::with_root(user_agent, None)
    }

    /// A client that trusts only this certificate authority and uses no proxy. Without one, the system decides.
    fn with_root(user_agent: &UserAgent, only_root: Option<reqwest::Certificate>) -> Self {
        let inner = Inner {
            user_agent: user_agent.header(),
            only_root,
            client: OnceLock::new(),
            query_client: OnceLock::new(),
            local_client: OnceLock::new(),
            proxy_login_failure: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// A client for tests that trusts only `root`.
    #[cfg(test)]
    pub(crate) fn trusting(root: reqwest::Certificate) -> Self {
        Self::with_root(&UserAgent::default(), Some(root))
    }

    /// The client for requests to this address. The first call builds it. A query for which the service may take longer
    /// than for other requests has a client that waits longer.
    ///
    /// # Errors
    /// [`Error::Environment`] if the environment names a proxy or certificates that cannot be used. [`Error::Setup`] if the
    /// client cannot be built, mostly because this machine has no CA certificates. [`Error::Transport`] if the proxy did not
    /// accept the login before: every other attempt with the same password may lock the account.
    pub fn client_for(&self, url: &Url, query_limit: Option<Duration>) -> Result<&reqwest::Client, Error> {
        if self.inner.only_root.is_none() {
            Proxy::check(url.host_str().unwrap_or_default(), |name| std::env::var(name).ok())?;
        }
        if let Some(error) = self.inner.proxy_login_failure.get() {
            return Err(error.clone());
        }
        let is_long = query_limit.is_some_and(|limit| limit + QUERY_MARGIN > READ_TIMEOUT);
        let (client, reach) = if is_long {
            (&self.inner.query_client, ClientKind::LongQuery)
        } else {
            (&self.inner.client, ClientKind::Default)
        };
        client.get_or_init(|| build(&self.inner, reach)).as_ref().map_err(Error::clone)
    }

    /// The client for endpoints of this machine, which mostly have no TLS and are never behind a proxy. The first call
    /// builds it.
    ///
    /// # Errors
    /// [`Error::Environment`] and [`Error::Setup`] as in [`client_for`](Self::client_for).
    pub(super) fn local_client(&self) -> Result<&reqwest::Client, Error> {
        self.inner.local_client.get_or_init(|| build(&self.inner, ClientKind::Local)).as_ref().map_err(Error::clone)
    }

    /// Remembers that the proxy did not accept the login, if that is the error.
    pub(super) fn record_failure(&self, error: &Error) {
        if let Error::Transport { kind: TransportKind::ProxyLogin, .. } = error {
            let _ = self.inner.proxy_login_failure.set(error.clone());
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("user_agent", &self.inner.user_agent).finish_non_exhaustive()
    }
}

/// What a client connects to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ClientKind {
    /// Any host, over TLS only.
    Default,
    /// The same, for queries that take minutes.
    LongQuery,
    /// Endpoints of this machine.
    Local,
}

fn build(inner: &Inner, reach: ClientKind) -> Result<reqwest::Client, Error> {
    // `main` installs the crypto provider first; tests do not. Installing it twice fails and changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(&inner.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(if reach == ClientKind::Local { LOCAL_CONNECT_TIMEOUT } else { CONNECT_TIMEOUT })
        .read_timeout(if reach == ClientKind::LongQuery { MAX_QUERY_TIME + QUERY_MARGIN } else { READ_TIMEOUT })
        .https_only(reach != ClientKind::Local);
    if reach == ClientKind::Local {
        builder = builder.no_proxy();
    }
    if let Some(root) = &inner.only_root {
        builder = builder.tls_certs_only([root.clone()]).no_proxy();
    } else {
        // macOS and Windows do not read it. A directory may contain the certificates that the file lacks.
        if cfg!(all(unix, not(target_vendor = "apple")))
            && let Some(file) = std::env::var_os(roots::CERT_FILE)
            && std::env::var_os("SSL_CERT_DIR").is_none()
        {
            roots::check(&file)?;
        }
        if proxy::excludes_all_hosts(&|name| std::env::var(name).ok()) {
            builder = builder.no_proxy();
        }
    }
    builder.build().map_err(|error| {
        let remedy = "If this machine has no CA certificates, install them (for example the package ca-certificates) or \
                      set SSL_CERT_FILE to a bundle";
        Error::Setup { cause: format!("{}. {remedy}", causes(&error)) }
    })
}

#[cfg(test)]
mod tests;
