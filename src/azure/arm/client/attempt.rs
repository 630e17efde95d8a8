//! One attempt: one request on the wire, its answer read and judged, one line in the log.

use std::time::SystemTime;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::{Call, Response};
use crate::azure::Error;
use crate::azure::arm::envelope;
use crate::azure::arm::error::ServiceError;
use crate::azure::credential::Token;
use crate::azure::http::{Body, classify, host_of, read};
use crate::azure::retry::{self, Outcome};

const CORRELATION_ID: &str = "x-ms-correlation-request-id";
const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";
const REQUEST_ID: &str = "x-ms-request-id";

pub(super) struct Attempt<'a> {
    pub(super) call: &'a Call,
    pub(super) token: &'a Token,
    pub(super) correlation: Option<&'a str>,
    pub(super) number: u32,
}

/// An attempt without an answer to hand over.
pub(super) struct Failure {
    pub(super) error: Error,
    /// What it means for another attempt.
    pub(super) outcome: Outcome,
}

impl Failure {
    fn new(error: Error, outcome: Outcome) -> Box<Self> {
        Box::new(Self { error, outcome })
    }
}

impl Attempt<'_> {
    pub(super) async fn run(&self, client: &reqwest::Client) -> Result<Response, Box<Failure>> {
        let started = Instant::now();
        let outcome = self.exchange(client).await;
        let (status, request_id) = match &outcome {
            Ok((status, headers, _)) => (Some(status.as_u16()), header(headers, REQUEST_ID)),
            Err(_) => (None, None),
        };
        // never the query, a header or a body: they may hold what the user wants kept
        tracing::debug!(
            method = %self.call.method,
            path = self.call.url.path(),
            status,
            request_id,
            client_request_id = self.call.id,
            attempt = self.number,
            duration_ms = started.elapsed().as_millis(),
            "Azure Resource Manager"
        );
        let (status, headers, body) = outcome.map_err(|error| self.unanswered(&error))?;
        self.judge(status, headers, body)
    }

    async fn exchange(&self, client: &reqwest::Client) -> Result<(StatusCode, HeaderMap, Body), reqwest::Error> {
        let mut request = client.request(self.call.method.clone(), self.call.url.clone());
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.token.expose()));
        if let Ok(mut bearer) = bearer {
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        request = request.header(ACCEPT, "application/json").header(CLIENT_REQUEST_ID, &self.call.id);
        if let Some(correlation) = self.correlation {
            request = request.header(CORRELATION_ID, correlation);
        }
        for (name, value) in &self.call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok((status, headers, read(response).await?))
    }

    fn unanswered(&self, error: &reqwest::Error) -> Box<Failure> {
        let (kind, cause) = classify(error);
        Failure::new(Error::Transport { host: host_of(&self.call.url), kind, cause }, Outcome::Failed(kind))
    }

    fn judge(&self, status: StatusCode, headers: HeaderMap, body: Body) -> Result<Response, Box<Failure>> {
        let Body::Whole(body) = body else {
            // another attempt would bring as much: an answer that is final
            let error = self.call.invalid(status, "it is larger than any document of Azure's".to_owned());
            let outcome = Outcome::Status { status: StatusCode::PAYLOAD_TOO_LARGE, retry_after: None };
            return Err(Failure::new(error, outcome));
        };
        if !status.is_success() {
            let retry_after = retry::retry_after(&headers, SystemTime::now());
            let error = self.service_error(status, &headers, &body);
            return Err(Failure::new(error, Outcome::Status { status, retry_after }));
        }
        match self.document(status, &body) {
            Ok(body) => Ok(Response { status, headers, body, earlier_attempt_lost: false }),
            Err(cause) => Err(Failure::new(self.call.invalid(status, cause), Outcome::Unreadable)),
        }
    }

    /// The document of a success. A read must bring one; a write may end without.
    fn document(&self, status: StatusCode, body: &[u8]) -> Result<Value, String> {
        let text = envelope::strip_bom(body).trim_ascii();
        if !text.is_empty() {
            return serde_json::from_slice(text).map_err(|error| format!("not JSON, or not all of it: {error}"));
        }
        if self.call.method.is_safe() && status == StatusCode::OK {
            return Err("it is empty".to_owned());
        }
        Ok(Value::Null)
    }

    fn service_error(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
        let read = envelope::read(body);
        let correlation_id = header(headers, CORRELATION_ID).or_else(|| self.correlation.map(str::to_owned));
        Error::from(ServiceError {
            status: status.as_u16(),
            code: read.code,
            message: read.message,
            details: read.details,
            correlation_id,
            request_id: header(headers, REQUEST_ID),
            method: self.call.method.to_string(),
            path: self.call.url.path().to_owned(),
            foreign: read.foreign,
            earlier_attempt_lost: false,
        })
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
