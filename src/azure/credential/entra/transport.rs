//! A transport for `azure_identity` that adds claims, checks responses of the token endpoint, and records the last
//! failure.
//!
//! The library loses status and code if the description contains an escape or the body is the page of a proxy. It also
//! reads bodies of any size, accepts any lifetime, and cannot request claims.

use std::error::Error as StdError;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use azure_core::error::ErrorKind;
use azure_core::http::headers::Headers;
use azure_core::http::request::Body;
use azure_core::http::{AsyncRawResponse, AsyncResponseBody, HttpClient, Request};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::utf8_percent_encode;

use super::RETRY_PERIOD;
use super::token_response::{LIMIT, normalize};
use crate::azure::error::{Error, TransportKind};
use crate::azure::http::{Http, classify};
use crate::azure::retry;
use crate::azure::text::host_of;
use crate::redaction::RESERVED_IN_FORMS;

/// Why a token request failed.
#[derive(Debug)]
pub(super) enum RecordedFailure {
    /// An error response, and the wait that it requests if that is too long.
    Rejected { status: u16, body: Bytes, wait: Option<Duration> },
    /// A response that reports success without a usable token.
    Unusable { status: u16, cause: &'static str },
    /// No response.
    Unreachable { host: String, kind: TransportKind, cause: String },
}

/// The transport of one token.
#[derive(Debug)]
pub(super) struct RecordingTransport {
    http: Http,
    client: reqwest::Client,
    /// The claims to request, as JSON.
    claims: String,
    last: Mutex<Option<RecordedFailure>>,
}

impl RecordingTransport {
    pub(super) fn new(http: Http, client: reqwest::Client, claims: String) -> Self {
        Self { http, client, claims, last: Mutex::new(None) }
    }

    /// Takes the last failure. `None` after a success.
    pub(super) fn take(&self) -> Option<RecordedFailure> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn record_failure(&self, failure: Option<RecordedFailure>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// Adds the claims to the form of a request.
    fn with_claims(&self, request: &Request) -> azure_core::Result<Request> {
        let Body::Bytes(form) = request.body() else {
            return Err(azure_core::Error::with_message(ErrorKind::Other, "the request has no form"));
        };
        let claims = utf8_percent_encode(&self.claims, RESERVED_IN_FORMS).to_string();
        let form = [form, b"&claims=".as_slice(), claims.as_bytes()].concat();
        let mut request = request.clone();
        request.set_body(form);
        Ok(request)
    }

    fn unusable(&self, status: u16, cause: &'static str) -> azure_core::Error {
        self.record_failure(Some(RecordedFailure::Unusable { status, cause }));
        // The library does not retry errors of this kind.
        azure_core::Error::with_message(ErrorKind::DataConversion, cause)
    }
}

#[async_trait::async_trait]
impl HttpClient for RecordingTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let response = HttpClient::execute_request(&self.client, &self.with_claims(request)?).await;
        let read = match response {
            Ok(response) => {
                let (status, headers, body) = response.deconstruct();
                read(body).await.map(|body| (status, headers, body))
            }
            Err(error) => Err(error),
        };
        let (status, headers, body) = match read {
            Ok(read) => read,
            Err(error) => {
                if let Some(failure) = reqwest_error(&error) {
                    let (kind, cause) = classify(failure);
                    let host = host_of(request.url());
                    self.http.record_failure(&Error::Transport { host: host.clone(), kind, cause: cause.clone() });
                    self.record_failure(Some(RecordedFailure::Unreachable { host, kind, cause }));
                    if kind.is_final() {
                        // The library does not retry errors of this kind.
                        return Err(azure_core::Error::new(ErrorKind::Other, error));
                    }
                }
                return Err(error);
            }
        };
        let code = u16::from(status);
        let Some(body) = body else {
            return Err(self.unusable(code, "it is larger than any response with a token"));
        };
        if !status.is_success() {
            let requested = requested_delay(&headers);
            let wait = requested.filter(|delay| *delay > RETRY_PERIOD);
            self.record_failure(Some(RecordedFailure::Rejected { status: code, body: body.clone(), wait }));
            if wait.is_some() {
                // The library would wait for any requested time.
                return Err(azure_core::Error::with_message(ErrorKind::Other, "throttled for too long"));
            }
            let mut headers = Headers::new();
            if let Some(delay) = requested {
                headers.insert("retry-after", delay.as_millis().div_ceil(1000).to_string());
            }
            return Ok(AsyncRawResponse::from_bytes(status, headers, body));
        }
        let body = normalize(&body).map_err(|cause| self.unusable(code, cause))?;
        self.record_failure(None);
        Ok(AsyncRawResponse::from_bytes(status, Headers::new(), body))
    }
}

/// Reads the body. `None` if it is too large.
async fn read(mut body: AsyncResponseBody) -> azure_core::Result<Option<Bytes>> {
    let mut read = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk?;
        if read.len() + chunk.len() > LIMIT {
            return Ok(None);
        }
        read.extend_from_slice(&chunk);
    }
    Ok(Some(read.freeze()))
}

/// The delay that the response requests. The library would compare a date with the clock of this machine.
fn requested_delay(headers: &Headers) -> Option<Duration> {
    let pairs = headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value.as_str()).ok()?))
    });
    retry::retry_after(&HeaderMap::from_iter(pairs), SystemTime::now())
}

fn reqwest_error(error: &azure_core::Error) -> Option<&reqwest::Error> {
    let mut next = error.source();
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref() {
            return Some(found);
        }
        next = current.source();
    }
    None
}
