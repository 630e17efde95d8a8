//! One attempt of a call: sends the request, reads the response, and writes one log line.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Url;
use tokio::time::Instant;
use uuid::Uuid;

use super::cause::classify;
use super::send::AuthorizationHeaders;
use crate::azure::error::{Challenge, ClockError, Error, ErrorBody, ServiceError, TOO_LARGE};
use crate::azure::retry::{self, Failure};
use crate::azure::text::host_of;
use crate::redaction::Secrets;

const CORRELATION_ID: &str = "x-ms-correlation-request-id";
const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";
const AUXILIARY_AUTHORIZATION: &str = "x-ms-authorization-auxiliary";
const REQUEST_ID: &str = "x-ms-request-id";

/// The maximum size of a response body. A page of the catalog has a few MB, and Azure limits a template to 4 MB.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// A request with everything that all its attempts share.
#[derive(Clone, Debug)]
pub(in crate::azure) struct Call {
    pub(in crate::azure) method: Method,
    pub(in crate::azure) url: Url,
    pub(in crate::azure) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(in crate::azure) body: Option<Bytes>,
    /// Whether the call only reads, for example a GET, or a POST of a query.
    pub(in crate::azure) only_reads: bool,
    /// The time limit of a query. The service sends nothing while the query runs, and ends the query after this time.
    pub(in crate::azure) query_limit: Option<Duration>,
    /// `x-ms-correlation-request-id`: the same for all calls of a run.
    pub(in crate::azure) correlation_id: Option<String>,
    /// `x-ms-client-request-id`: the same for all attempts of this call.
    pub(in crate::azure) id: String,
    /// Values that an error response must not repeat.
    pub(in crate::azure) secrets: Arc<Secrets>,
}

/// A successful response with an unparsed body.
pub(in crate::azure) struct RawResponse {
    pub(in crate::azure) status: StatusCode,
    pub(in crate::azure) headers: HeaderMap,
    pub(in crate::azure) body: Bytes,
}

/// An attempt without a usable response.
pub(in crate::azure) struct FailedAttempt {
    pub(in crate::azure) error: Error,
    /// What the retry policy decides by.
    pub(in crate::azure) failure: Failure,
}

impl Call {
    pub(in crate::azure) fn new(method: Method, url: Url) -> Self {
        let id = Uuid::new_v4().to_string();
        Self {
            only_reads: method.is_safe(),
            method,
            url,
            headers: Vec::new(),
            body: None,
            query_limit: None,
            correlation_id: None,
            id,
            secrets: Arc::default(),
        }
    }

    /// Whether the call only reads, so that it can be sent again after any failure.
    pub(in crate::azure) fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// A GET of a URL.
    pub(in crate::azure) fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// The error for a response that reported success, but has an invalid body.
    pub(in crate::azure) fn invalid(&self, status: StatusCode, cause: impl Into<String>) -> Error {
        Error::invalid_response(&self.method, &self.url, status, cause)
    }

    /// Sends the request once. `number` counts the attempts, for the log.
    pub(super) async fn attempt(
        &self,
        client: &reqwest::Client,
        authorization: &AuthorizationHeaders,
        number: u32,
    ) -> Result<RawResponse, Box<FailedAttempt>> {
        let started = Instant::now();
        let exchanged = self.exchange(client, authorization).await;
        let (status, request_id) = match &exchanged {
            Ok((status, headers, _)) => (Some(status.as_u16()), header(headers, REQUEST_ID)),
            Err(_) => (None, None),
        };
        // Never log the query, headers or the body: they may contain secrets.
        tracing::debug!(
            method = %self.method,
            host = host_of(&self.url),
            path = self.url.path(),
            status,
            request_id,
            client_request_id = self.id,
            attempt = number,
            duration_ms = started.elapsed().as_millis(),
            "request to Azure"
        );
        match exchanged {
            Ok((status, headers, body)) => self.check(status, headers, body),
            Err(error) => {
                let (kind, cause) = classify(&error);
                let error = Error::Transport { host: host_of(&self.url), kind, cause };
                Err(FailedAttempt::new(error, Failure::NoResponse(kind)))
            }
        }
    }

    /// Sends the request and reads the response. The body is `None` if it is larger than [`BODY_LIMIT`].
    async fn exchange(
        &self,
        client: &reqwest::Client,
        authorization: &AuthorizationHeaders,
    ) -> Result<(StatusCode, HeaderMap, Option<Bytes>), reqwest::Error> {
        let mut request = client.request(self.method.clone(), self.url.clone());
        request = request.header(ACCEPT, "application/json").header(CLIENT_REQUEST_ID, &self.id);
        if let Some(value) = &authorization.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(value) = &authorization.auxiliary {
            request = request.header(AUXILIARY_AUTHORIZATION, value);
        }
        if let Some(correlation_id) = &self.correlation_id {
            request = request.header(CORRELATION_ID, correlation_id);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_ref());
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok((status, headers, read(response).await?))
    }

    /// The error for a response that is too large. Another attempt would return the same response.
    pub(in crate::azure) fn too_large(&self, status: StatusCode) -> Box<FailedAttempt> {
        let error = self.invalid(status, TOO_LARGE);
        FailedAttempt::new(error, Failure::Final)
    }

    fn check(
        &self,
        status: StatusCode,
        headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<RawResponse, Box<FailedAttempt>> {
        let Some(body) = body else { return Err(self.too_large(status)) };
        if status.is_success() {
            return Ok(RawResponse { status, headers, body });
        }
        let error = self.service_error(status, &headers, &body);
        let failure = if error.is_missing_role() {
            Failure::MissingRole
        } else if self.query_limit.is_some() && status == StatusCode::GATEWAY_TIMEOUT && !error.foreign {
            // The query exceeded its time limit, and would exceed it again.
            Failure::Final
        } else {
            Failure::Status { status, retry_after: retry::retry_after(&headers, SystemTime::now()) }
        };
        Err(FailedAttempt::new(error.into(), failure))
    }

    fn service_error(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ServiceError {
        let body = ErrorBody::parse(body).masked(&self.secrets);
        ServiceError {
            status: status.as_u16(),
            code: body.code,
            message: body.message,
            details: body.details,
            policies: body.policies,
            correlation_id: header(headers, CORRELATION_ID).or_else(|| self.correlation_id.clone()),
            request_id: header(headers, REQUEST_ID),
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            challenge: Challenge::of(headers).filter(|_| status == StatusCode::UNAUTHORIZED),
            clock_error: retry::sent_at(headers).and_then(|sent| ClockError::between(sent, SystemTime::now())),
            foreign: body.foreign,
            ..ServiceError::default()
        }
    }
}

impl FailedAttempt {
    pub(in crate::azure) fn new(error: Error, failure: Failure) -> Box<Self> {
        Box::new(Self { error, failure })
    }
}

/// Reads the body. `None` if it is larger than [`BODY_LIMIT`].
async fn read(mut response: reqwest::Response) -> Result<Option<Bytes>, reqwest::Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
