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
    /// The HTTP status, always 2xx.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The document. Null if there is no body.
    pub body: Value,
    /// Whether an earlier attempt of this call may have taken effect, because its response was lost. If a create finds
    /// an existing object, that attempt may have created it.
    pub earlier_attempt_lost: bool,
    /// The estimated memory of the document, in bytes.
    pub(super) memory: usize,
}

impl Response {
    /// Reads the document. A body that is not JSON or incomplete counts as a lost response.
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

/// Parses the document. A write may return no document, a read must return one.
fn document(call: &Call, status: StatusCode, body: &[u8]) -> Result<Value, String> {
    let text = strip_bom(body).trim_ascii();
    if !text.is_empty() {
        // The caller has checked the memory.
        return serde_json::from_slice(text).map_err(|error| format!("not JSON, or not all of it: {error}"));
    }
    if call.only_reads() && status == StatusCode::OK {
        return Err("it is empty".to_owned());
    }
    Ok(Value::Null)
}
