//! Resource Manager's error envelope, and the errors that every resource type shares.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::http::Response;
use crate::resource_path::PathError;

/// An error as ARM returns it: `{"error":{"code","message"}}`, sometimes with more members.
#[derive(Clone, Debug)]
pub(crate) struct ArmError {
    status: StatusCode,
    code: String,
    message: String,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
}

impl ArmError {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), members: Vec::new(), headers: Vec::new() }
    }

    /// 400 with the code that Sentinel uses.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 400 for content that does not match the schema.
    pub(crate) fn invalid_content(problem: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidRequestContent",
            format!("The request content was invalid and could not be deserialized: '{problem}'."),
        )
    }

    /// 400 for a missing property. `path` is the path of its parent.
    pub(crate) fn missing_property(name: &str, path: &str) -> Self {
        Self::bad_request(format!("Required property '{name}' not found in JSON. Path '{path}'."))
    }

    pub(crate) fn missing_api_version() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    }

    pub(crate) fn invalid_filter(filter: &str) -> Self {
        let message = format!("Invalid $filter '{filter}' specified in the query string.");
        Self::new(StatusCode::BAD_REQUEST, "InvalidFilterInQueryString", message)
    }

    pub(crate) fn resource_not_found(resource_type: &str, name: &str, resource_group: Option<&str>) -> Self {
        let place = resource_group.map(|group| format!(" under resource group '{group}'")).unwrap_or_default();
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            format!(
                "The Resource '{resource_type}/{name}'{place} was not found. For more details please go to \
                 https://aka.ms/ARMResourceNotFoundFix"
            ),
        )
    }

    pub(crate) fn resource_group_not_found(name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ResourceGroupNotFound",
            format!("Resource group '{name}' could not be found."),
        )
    }

    pub(crate) fn subscription_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
    }

    pub(crate) fn method_not_allowed(method: &str, allowed: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "HttpMethodNotAllowed",
            format!("The requested resource does not support http method '{method}'."),
        )
        .with_header("allow", allowed)
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a member to `error`: `target`, `details` or `additionalInfo`.
    pub(crate) fn with_member(mut self, name: &'static str, value: Value) -> Self {
        self.members.push((name, value));
        self
    }

    pub(crate) fn response(&self) -> Response {
        let mut body = json!({"error": {"code": self.code, "message": self.message}});
        for (name, value) in &self.members {
            body["error"][*name] = value.clone();
        }
        let mut response = Response::json(self.status, &body);
        for (name, value) in &self.headers {
            response.set_header(name, value);
        }
        response
    }
}

impl From<PathError> for ArmError {
    fn from(error: PathError) -> Self {
        match error {
            PathError::Malformed(path) => {
                Self::bad_request(format!("The request URI is invalid: '{path}' is not percent-encoded UTF-8."))
            }
            PathError::NotAResource(path) => Self::new(
                StatusCode::NOT_FOUND,
                "InvalidResourceType",
                format!("No resource type is found for the path '{path}'."),
            ),
        }
    }
}
