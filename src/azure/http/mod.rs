//! HTTPS: the shared client, and calls with retries.
//!
//! The client is built at its first use. It uses the system proxy (`HTTPS_PROXY`, `NO_PROXY`) and the certificates of
//! the system or of `SSL_CERT_FILE` / `SSL_CERT_DIR`, and follows no redirects.
//!
//! `send.rs` sends and retries a call until there is a response or the deadline passes. `attempt.rs` sends one request
//! and reads its response, `history.rs` records the attempts of a call, and `cause.rs` classifies failed connections.
//! `proxy.rs` and `roots.rs` validate the environment variables for proxies and certificates.

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

/// The time limit for opening a connection: name resolution, TCP, proxy and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// The connect timeout for endpoints of this machine. Outside Azure, the endpoint of virtual machines does not respond.
const LOCAL_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How much longer than the time limit of a query the client waits for its response.
const QUERY_MARGIN: Duration = Duration::from_secs(30);

/// The longest query.
const MAX_QUERY_TIME: Duration = Duration::from_secs(600);

/// How long a service may send nothing before the response counts as lost. Resource Manager itself times out after 60
/// s.
const READ_TIMEOUT: Duration = Duration::from_secs(100);

/// A shared HTTPS client. Clones share its connections.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    user_agent: String,
    /// The only trusted certificate authority, for tests. `None` means those of the system.
    only_root: Option<reqwest::Certificate>,
    client: OnceLock<Result<reqwest::Client, Error>>,
    query_client: OnceLock<Result<reqwest::Client, Error>>,
    local_client: OnceLock<Result<reqwest::Client, Error>>,
    /// The error of a proxy that rejected the user name and password. They cannot change while this process runs.
    proxy_authentication_failure: OnceLock<Error>,
}

impl Http {
    /// A client with this user agent. Reads no files and opens no connection yet.
    #[must_use]
    pub fn new(user_agent: &UserAgent) -> Self {
        Self::with_root(user_agent, None)
    }

    /// A client that trusts only this certificate authority and uses no proxy. With `None`, it uses the settings of the
    /// system.
    fn with_root(user_agent: &UserAgent, only_root: Option<reqwest::Certificate>) -> Self {
        let inner = Inner {
            user_agent: user_agent.header(),
            only_root,
            client: OnceLock::new(),
            query_client: OnceLock::new(),
            local_client: OnceLock::new(),
            proxy_authentication_failure: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// A client for tests that trusts only `root`.
    #[cfg(test)]
    pub(crate) fn trusting(root: reqwest::Certificate) -> Self {
        Self::with_root(&UserAgent::default(), Some(root))
    }

    /// The client for requests to this URL. The first call builds it. Long queries use a client with a longer read
    /// timeout.
    ///
    /// # Errors
    /// [`Error::Environment`] if an environment variable contains an invalid proxy or an invalid certificate file.
    /// [`Error::Setup`] if the client cannot be built, usually because this machine has no CA certificates.
    /// [`Error::Transport`] if the proxy has rejected the user name and password: another attempt may lock the account.
    pub fn client_for(&self, url: &Url, query_limit: Option<Duration>) -> Result<&reqwest::Client, Error> {
        if self.inner.only_root.is_none() {
            Proxy::check(url.host_str().unwrap_or_default(), |name| std::env::var(name).ok())?;
        }
        if let Some(error) = self.inner.proxy_authentication_failure.get() {
            return Err(error.clone());
        }
        let is_long = query_limit.is_some_and(|limit| limit + QUERY_MARGIN > READ_TIMEOUT);
        let (client, kind) = if is_long {
            (&self.inner.query_client, ClientKind::LongQuery)
        } else {
            (&self.inner.client, ClientKind::Default)
        };
        client.get_or_init(|| build(&self.inner, kind)).as_ref().map_err(Error::clone)
    }

    /// The client for endpoints of this machine, which usually have no TLS and are never behind a proxy. The first call
    /// builds it.
    ///
    /// # Errors
    /// [`Error::Environment`] and [`Error::Setup`] as in [`client_for`](Self::client_for).
    pub(super) fn local_client(&self) -> Result<&reqwest::Client, Error> {
        self.inner.local_client.get_or_init(|| build(&self.inner, ClientKind::Local)).as_ref().map_err(Error::clone)
    }

    /// Records the error if the proxy rejected the user name and password.
    pub(super) fn record_failure(&self, error: &Error) {
        if let Error::Transport { kind: TransportKind::ProxyAuthentication, .. } = error {
            let _ = self.inner.proxy_authentication_failure.set(error.clone());
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("user_agent", &self.inner.user_agent).finish_non_exhaustive()
    }
}

/// The requests that a client is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ClientKind {
    /// Any host, over TLS only.
    Default,
    /// Any host, over TLS only, for queries that take minutes.
    LongQuery,
    /// Endpoints of this machine, also without TLS.
    Local,
}

fn build(inner: &Inner, kind: ClientKind) -> Result<reqwest::Client, Error> {
    // `main` installs the crypto provider first; tests do not. Installing it twice fails and changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(&inner.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(if kind == ClientKind::Local { LOCAL_CONNECT_TIMEOUT } else { CONNECT_TIMEOUT })
        .read_timeout(if kind == ClientKind::LongQuery { MAX_QUERY_TIME + QUERY_MARGIN } else { READ_TIMEOUT })
        .https_only(kind != ClientKind::Local);
    if kind == ClientKind::Local {
        builder = builder.no_proxy();
    }
    if let Some(root) = &inner.only_root {
        builder = builder.tls_certs_only([root.clone()]).no_proxy();
    } else {
        // macOS and Windows do not read the file. If `SSL_CERT_DIR` is set, the directory may contain the certificates
        // instead.
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
