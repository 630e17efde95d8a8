//! Requests to token services other than Microsoft Entra: those of pipelines and of managed identities.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::Instant;

use crate::azure::backoff::Backoff;
use crate::azure::deadline::Deadline;
use crate::azure::error::{AuthenticationProblem, Error, strip_bom};
use crate::azure::http::{Http, classify};
use crate::azure::retry::retry_after;
use crate::azure::text::{self, host_of};
use crate::redaction;

/// How long a request is retried without a response, or after a response that reports a temporary failure.
const RETRY_PERIOD: Duration = Duration::from_secs(20);

/// The retry policy: how long a request is retried after a response with this status. `None` if it is not retried.
pub(super) type RetryPolicy = fn(StatusCode) -> Option<Duration>;

/// The maximum size of a response body, in bytes. Token responses are much smaller.
const BODY_LIMIT: usize = 1024 * 1024;

/// The maximum number of characters of an error response in a message.
const TEXT_LIMIT: usize = 300;

/// A response with any status.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The retry policy of most token services.
pub(super) fn default_retry_policy(status: StatusCode) -> Option<Duration> {
    (status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()).then_some(RETRY_PERIOD)
}

/// Sends a request without a body, and retries it while there is no response or `retry_policy` allows.
pub(super) async fn send(
    http: &Http,
    client: &reqwest::Client,
    request: &reqwest::Request,
    retry_policy: RetryPolicy,
) -> Result<Response, AuthenticationProblem> {
    let started = Instant::now();
    let mut backoff = Backoff::growing(Duration::from_millis(500), Duration::from_secs(4));
    loop {
        let outcome = once(http, client, request).await;
        let (period, requested) = match &outcome {
            Ok(response) => {
                let Some(period) = retry_policy(response.status) else { return outcome };
                (period, retry_after(&response.headers, SystemTime::now()))
            }
            Err(AuthenticationProblem::Unreachable { kind, .. }) if !kind.is_final() => (RETRY_PERIOD, None),
            Err(_) => return outcome,
        };
        let deadline = Deadline::lasting(period.saturating_sub(started.elapsed()));
        let waited = match requested {
            Some(delay) if delay >= deadline.remaining() => return outcome,
            Some(delay) => deadline.run(tokio::time::sleep(delay)).await.is_ok(),
            None => backoff.wait(&deadline).await.is_ok(),
        };
        if !waited {
            return outcome;
        }
    }
}

async fn once(
    http: &Http,
    client: &reqwest::Client,
    request: &reqwest::Request,
) -> Result<Response, AuthenticationProblem> {
    let host = host_of(request.url());
    let request = request.try_clone().expect("invariant: these requests have no body that streams");
    // Never log the query, headers or the body: they may contain secrets.
    tracing::debug!(method = %request.method(), host, path = request.url().path(), "request to a token service");
    exchange(client, request).await.map_err(|error| {
        let (kind, cause) = classify(&error);
        http.record_failure(&Error::Transport { host: host.clone(), kind, cause: cause.clone() });
        AuthenticationProblem::Unreachable { host, kind, cause }
    })
}

async fn exchange(client: &reqwest::Client, request: reqwest::Request) -> Result<Response, reqwest::Error> {
    let mut response = client.execute(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > BODY_LIMIT {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body: body.freeze() })
}

impl Response {
    /// Reads the document of a successful response.
    ///
    /// # Errors
    /// The response reports an error, or its body is not JSON.
    pub(super) fn document(&self, host: &str) -> Result<Value, AuthenticationProblem> {
        if self.status != StatusCode::OK {
            return Err(self.error(host));
        }
        serde_json::from_slice(strip_bom(&self.body))
            .map_err(|_| self.unusable(host, "it is not JSON, or not all of it"))
    }

    pub(super) fn unusable(&self, host: &str, cause: &str) -> AuthenticationProblem {
        AuthenticationProblem::Unusable { host: host.to_owned(), status: self.status.as_u16(), cause: cause.to_owned() }
    }

    /// Reads the message of an error response.
    pub(super) fn error(&self, host: &str) -> AuthenticationProblem {
        let text = String::from_utf8_lossy(&self.body);
        let document: Option<Value> = serde_json::from_slice(strip_bom(&self.body)).ok();
        let names = ["/error_description", "/message", "/error/message", "/Message", "/error"];
        let described = document
            .as_ref()
            .and_then(|document| names.iter().find_map(|name| document.pointer(name).and_then(Value::as_str)));
        let message = match described {
            Some(message) => text::line(message, TEXT_LIMIT),
            None if text.trim().is_empty() => "the response has no body".to_owned(),
            None => text::line(&text::without_tags(&text), TEXT_LIMIT),
        };
        AuthenticationProblem::NotIssued { host: host.to_owned(), status: self.status.as_u16(), message }
    }
}

/// Registers a secret, so that errors and logs do not show it.
pub(super) fn protected(secret: &str) -> SecretString {
    redaction::protect_token(secret);
    secret.into()
}
