//! Graph's errors: `{"error": {"code", "message", "innerError"}}`.

use hyper::StatusCode;
use serde_json::json;

use crate::clock;
use crate::http::{Request, Response};
use crate::world::World;

/// An error of Microsoft Graph.
#[derive(Clone, Debug)]
pub(crate) struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    pub(super) fn insufficient_privileges() -> Self {
        let message = "Insufficient privileges to complete the operation.";
        Self::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message)
    }

    pub(super) fn only_delegated() -> Self {
        let message = "/me request is only valid with delegated authentication flow.";
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(super) fn advanced_query() -> Self {
        let message = "The request uses advanced query capabilities, which require the header ConsistencyLevel with the \
                       value eventual and the query parameter $count=true.";
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    pub(super) fn not_found(id: &str) -> Self {
        let message =
            format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }

    pub(super) fn unknown_segment(segment: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", format!("Resource not found for the segment '{segment}'."))
    }

    pub(super) fn unknown_version() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", "Invalid version.")
    }

    pub(super) fn unsupported_method() -> Self {
        let message = "Specified HTTP method is not allowed for the request target.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message)
    }

    pub(super) fn response(&self, request: &Request, world: &World) -> Response {
        let response = Response::json(
            self.status,
            &json!({"error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": clock::iso(world.now()),
                    "request-id": request.request_id,
                    "client-request-id": request.header("client-request-id").unwrap_or(&request.request_id),
                },
            }}),
        );
        response.with_header("request-id", &request.request_id)
    }
}
