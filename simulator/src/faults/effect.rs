//! The effect of a fault on a request and its response.

use std::collections::BTreeMap;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::{Request, Response};

/// The effect of a fault on a request and its response. By default, a fault has no effect.
///
/// [`status`](Self::status), [`json`](Self::json) and [`text`](Self::text) set a canned response, and the service does
/// not receive the request unless [`forward`](Self::forward) is set. The other effects change how the service's own
/// response is delivered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Effect {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    /// JSON, or a string that is sent as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    forward: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hang: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncate: Option<usize>,
}

/// Whether the service processes a request that gets no response.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// The service never receives the request.
    Before,
    /// The service processes the request; only the response is lost.
    After,
}

impl Effect {
    /// No effect.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Responds with this status. Without a body, an error status gets Azure's error envelope.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Responds with this JSON body; the status is 200 unless set.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        // A JSON string in quotes, since a plain string is sent as it is.
        self.body = Some(if body.is_string() { Value::String(body.to_string()) } else { body });
        self
    }

    /// Responds with this text as the body, whether or not it is JSON; the status is 200 unless set.
    #[must_use]
    pub fn text(mut self, body: impl Into<String>) -> Self {
        self.body = Some(Value::String(body.into()));
        self
    }

    /// Responds with an error in Azure's envelope.
    #[must_use]
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        self.status(status).json(json!({"error": {"code": code, "message": message}}))
    }

    /// Sets a response header, of a canned response or of the service's own.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Lets the service process the request although the response is canned.
    #[must_use]
    pub fn forward(mut self) -> Self {
        self.forward = true;
        self
    }

    /// Delays the response until the simulator's clock has advanced by `delay`. The service processes the request
    /// immediately.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay_ms = Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// Never responds, and leaves the connection open.
    #[must_use]
    pub fn hang(mut self, moment: Moment) -> Self {
        self.hang = Some(moment);
        self
    }

    /// Closes the connection instead of responding. With HTTP/2 this ends the other requests of the connection too.
    #[must_use]
    pub fn disconnect(mut self, moment: Moment) -> Self {
        self.disconnect = Some(moment);
        self
    }

    /// Closes the connection after this many bytes of the response body.
    #[must_use]
    pub fn truncate(mut self, bytes: usize) -> Self {
        self.truncate = Some(bytes);
        self
    }

    /// Checks that status and headers are valid in HTTP.
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status {
            StatusCode::from_u16(status).map_err(|_| format!("\"status\" {status} is not an HTTP status"))?;
        }
        for (name, value) in &self.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(format!("{name:?} with {value:?} is not a valid HTTP header"));
            }
        }
        Ok(())
    }

    /// Whether the service processes the request.
    pub(crate) fn reaches_service(&self) -> bool {
        let is_lost = [self.disconnect, self.hang].contains(&Some(Moment::Before));
        !is_lost && (self.forward || (self.status.is_none() && self.body.is_none()))
    }

    /// The response to send, or none if the client gets no response. `own` is the response of the service, if it
    /// processed the request.
    pub(crate) fn response(&self, request: &Request, own: Option<Response>) -> Option<Response> {
        if [self.disconnect, self.hang].contains(&Some(Moment::Before)) {
            return None;
        }
        let mut response = self.canned(request).or(own)?;
        for (name, value) in &self.headers {
            response.set_header(name, value);
        }
        Some(response)
    }

    /// The canned response, with the request's IDs like all responses of Azure.
    fn canned(&self, request: &Request) -> Option<Response> {
        if self.status.is_none() && self.body.is_none() {
            return None;
        }
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        let response = match &self.body {
            Some(Value::String(text)) => Response::text(status, "application/json; charset=utf-8", text.clone()),
            Some(body) => Response::json(status, body),
            None if status.is_success() => Response::empty(status),
            None => {
                let reason = status.canonical_reason().unwrap_or("Error").replace(' ', "");
                let message = format!("The simulator was told to respond with {status}.");
                Response::json(status, &json!({"error": {"code": reason, "message": message}}))
            }
        };
        let response = response.with_header("x-ms-request-id", &request.request_id);
        Some(response.with_header("x-ms-correlation-request-id", &request.correlation_id))
    }

    pub(crate) fn delay_time(&self) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or_default())
    }

    pub(crate) fn hangs(&self) -> bool {
        self.hang.is_some()
    }

    pub(crate) fn disconnects(&self) -> bool {
        self.disconnect.is_some()
    }

    pub(crate) fn truncated_to(&self) -> Option<usize> {
        self.truncate
    }
}
