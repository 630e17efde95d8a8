//! A successful response with its JSON document.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::azure::error::strip_bom;
use crate::azure::http::{Call, FailedAttempt, RawResponse};
use crate::azure::retry::Failure;
use crate::json;

/// A successful response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status, always 2xx.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its document; null if it has no body.
    pub body: Value,
    /// The response to an earlier attempt of this call was lost. An object that a create finds in the way may be its own.
    pub earlier_attempt_lost: bool,
    /// The estimated memory of the document, in bytes.
    pub(super) memory: usize,
}

impl Response {
    /// Reads the document. A body that is not JSON, or not all of it, counts as a lost response.
    pub(super) fn read(call: &Call, response: RawResponse) -> Result<Self, Box<FailedAttempt>> {
        let RawResponse { status, headers, body } = response;
        let memory = json::memory(&body);
        if memory > json::LIMIT {
            return Err(call.too_large(status));
        }
        match document(call, status, &body) {
            Ok(body) => Ok(Self { status, headers, body, earlier_attempt_lost: false, memory }),
            Err(cause) => Err(FailedAttempt::new(call.invalid(status, cause), Failure::Unreadable)),
        }
    }
}

/// A read must return a document, a write may not.
fn document(call: &Call, status: StatusCode, body: &[u8]) -> Result<Value, String> {
    let text = strip_bom(body).trim_ascii();
    if !text.is_empty() {
        // Its memory is checked already.
        return serde_json::from_slice(text).map_err(|error| format!("not JSON, or not all of it: {error}"));
    }
    if call.only_reads() && status == StatusCode::OK {
        return Err("it is empty".to_owned());
    }
    Ok(Value::Null)
}
