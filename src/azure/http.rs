//! The one HTTPS client: made when first needed, shared by Resource Manager and the login.
//!
//! System proxy (`HTTPS_PROXY`, `NO_PROXY`), the system's certificates or those of `SSL_CERT_FILE` / `SSL_CERT_DIR`,
//! no redirects. Everything that turns a failed connection into words is here too.

mod cause;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use ::http::Method;
use ::http::header::ACCEPT;
use bytes::{Bytes, BytesMut};
use reqwest::Url;
use tokio::time::Instant;

use super::retry::{self, Decision, Outcome, Situation};
use super::user_agent::UserAgent;
use super::{Deadline, Error};

pub(super) use cause::{causes, classify};

/// How long a connection may take to come about: name, TCP, proxy and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a service may be silent before an answer counts as lost. Resource Manager itself gives up after 60 s.
const READ_TIMEOUT: Duration = Duration::from_secs(100);

/// No document of ours comes near this; a body beyond it is refused rather than held in memory.
pub(super) const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A shared HTTPS client. Cloning it shares its connections.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    user_agent: String,
    /// Trusted in place of the system's certificates; tests speak TLS to themselves.
    only_root: Option<reqwest::Certificate>,
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl Http {
    /// A client that introduces itself as `user_agent`. Nothing is read or opened yet.
    #[must_use]
    pub fn new(user_agent: &UserAgent) -> Self {
        Self::with_root(user_agent, None)
    }

    /// A client that trusts this certificate authority alone, and goes through no proxy; without one, the system decides.
    fn with_root(user_agent: &UserAgent, only_root: Option<reqwest::Certificate>) -> Self {
        Self { inner: Arc::new(Inner { user_agent: user_agent.header(), only_root, client: OnceLock::new() }) }
    }

    /// A client for tests that trusts `root` only.
    #[cfg(test)]
    pub(crate) fn trusting(root: reqwest::Certificate) -> Self {
        Self::with_root(&UserAgent::default(), Some(root))
    }

    /// The client, built at the first call.
    ///
    /// # Errors
    /// [`Error::Setup`] when it cannot be built: mostly no CA certificates on this machine.
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

/// The name of a host as messages show it: with its port unless that is 443.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A GET without any credential, repeated as Resource Manager's are; the status and the body.
pub(super) async fn get_public(http: &Http, url: &Url, deadline: &Deadline) -> Result<(u16, Bytes), Error> {
    let client = http.client()?;
    let started = Instant::now();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let exchange = async {
            let response = client.get(url.clone()).header(ACCEPT, "application/json").send().await?;
            let (status, headers) = (response.status(), response.headers().clone());
            Ok::<_, reqwest::Error>((status, headers, read(response).await?))
        };
        let (answer, outcome) = match deadline.run(exchange).await {
            Err(interrupted) => return Err(interrupted.into_error(started)),
            Ok(Ok((status, headers, body))) => {
                let answer = match body {
                    Body::Whole(body) => Ok((status.as_u16(), body)),
                    Body::TooLarge => Err(Error::InvalidResponse {
                        host: host_of(url),
                        method: "GET".to_owned(),
                        path: url.path().to_owned(),
                        status: status.as_u16(),
                        cause: "it is larger than any document of Azure's".to_owned(),
                    }),
                };
                let retry_after = retry::retry_after(&headers, SystemTime::now());
                (answer, Outcome::Status { status, retry_after })
            }
            Ok(Err(error)) => {
                let (kind, cause) = classify(&error);
                (Err(Error::Transport { host: host_of(url), kind, cause }), Outcome::Failed(kind))
            }
        };
        let failing_for = if answer.is_ok() { Duration::ZERO } else { started.elapsed() };
        let situation = Situation { attempt, failing_for, remaining: deadline.remaining(), jitter: fastrand::f64() };
        match retry::decide(&Method::GET, &outcome, &situation) {
            Decision::Stop | Decision::TooLate { .. } => return answer,
            Decision::Retry { after } => {
                if deadline.run(tokio::time::sleep(after)).await.is_err() {
                    return answer;
                }
            }
        }
    }
}

/// A body within the limit, or the knowledge that it is not.
pub(super) enum Body {
    Whole(Bytes),
    TooLarge,
}

/// Reads a body, but no more of it than [`BODY_LIMIT`].
pub(super) async fn read(mut response: reqwest::Response) -> Result<Body, reqwest::Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Ok(Body::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Body::Whole(body.freeze()))
}

fn build(inner: &Inner) -> Result<reqwest::Client, String> {
    // main installs the provider before anything else; a test or another embedder may not have. The second
    // installation fails and changes nothing.
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
                format!("SSL_CERT_FILE is set to {file:?}; it must name a file of PEM certificates, or not be set")
            }
            None => {
                "If this machine has no CA certificates, install them (for example the package ca-certificates) or \
                     point SSL_CERT_FILE at a bundle"
                    .to_owned()
            }
        };
        format!("{}. {remedy}", causes(&error))
    })
}

#[cfg(test)]
mod tests;
