//! Request bodies: size limit, media type, and JSON.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::error::ArmError;
use super::json;
use crate::http::Request;

/// Resource Manager's limit, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

/// Returns 413 for a body over 4 MiB.
pub(crate) fn check_size(request: &Request) -> Result<(), ArmError> {
    if request.body.len() <= LIMIT {
        return Ok(());
    }
    let message = format!("The request content size exceeds the maximum size of '{LIMIT}' bytes.");
    Err(ArmError::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestContentTooLarge", message))
}

/// The body of a request, which may be empty.
pub(crate) fn optional_object(request: &Request) -> Result<Map<String, Value>, ArmError> {
    if request.body.is_empty() { Ok(Map::new()) } else { object(request) }
}

/// The body of a PUT, PATCH or POST: a JSON object with a JSON media type.
pub(crate) fn object(request: &Request) -> Result<Map<String, Value>, ArmError> {
    let media_type = request.header("content-type").unwrap_or("<null>");
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !(essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("text/json")) {
        let message =
            format!("The content media type '{media_type}' is not supported. Only 'application/json' is supported.");
        return Err(ArmError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message));
    }
    match json::parse(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ArmError::invalid_content("Error converting value to type 'ResourceDefinition'. Path ''")),
        Err(error) => Err(ArmError::invalid_content(&error.to_string())),
    }
}
