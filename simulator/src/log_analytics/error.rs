//! Errors as Log Analytics returns them: `{"error": {message, code, correlationId, innererror: {code, message, …}}}`.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::http::{Request, Response};
use crate::kql::KqlError;

/// An error response.
#[derive(Debug)]
pub(super) struct QueryError {
    status: StatusCode,
    code: &'static str,
    message: String,
    inner: Option<Box<Value>>,
    /// `WWW-Authenticate`
    challenge: Option<String>,
}

impl QueryError {
    pub(super) fn path_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "PathNotFoundError", "The requested path does not exist")
    }

    pub(super) fn method_not_allowed(method: &Method) -> Self {
        let message = format!("The method {method} is not allowed");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowedError", message)
    }

    /// The request has no token. `authority` is the endpoint that issues tokens.
    pub(super) fn no_token(authority: &str) -> Self {
        let challenge = format!(
            "Bearer authorization_uri=\"{authority}/common/oauth2/authorize\", resource_id=\"https://api.loganalytics.io\""
        );
        let message = "Valid authentication was not provided";
        let error = Self::new(StatusCode::UNAUTHORIZED, "AuthorizationRequiredError", message);
        Self { challenge: Some(challenge), ..error }
    }

    pub(super) fn expired_token() -> Self {
        let inner = json!({"code": "TokenExpired", "message": "The access token has expired"});
        Self { status: StatusCode::UNAUTHORIZED, ..Self::invalid_token() }.with_inner(inner)
    }

    /// The token was not issued by Entra, or is for another service.
    pub(super) fn invalid_token() -> Self {
        let message = "The provided authentication is not valid for this resource";
        let inner = json!({"code": "SignatureVerificationFailed", "message": "Could not validate the request"});
        Self::new(StatusCode::FORBIDDEN, "InvalidTokenError", message).with_inner(inner)
    }

    /// The caller has no role that allows queries.
    pub(super) fn insufficient_access() -> Self {
        let message = "The provided credentials have insufficient access to perform the requested operation";
        Self::new(StatusCode::FORBIDDEN, "InsufficientAccessError", message)
    }

    /// The workspace accepts no queries from public networks.
    pub(super) fn private_network_only(workspace: &str, name: &str) -> Self {
        let message = format!(
            "Access to workspace '{name}' from '127.0.0.1' is denied. To allow access from public networks, change the \
             workspace Networking settings or add it to a Network Security Perimeter. (workspace resource ID: {workspace})"
        );
        Self::insufficient_access().with_inner(json!({"code": "NspValidationFailedError", "message": message}))
    }

    /// The request has an invalid property or query.
    pub(super) fn bad_argument(inner: Value) -> Self {
        let message = "The request had some invalid properties";
        Self::new(StatusCode::BAD_REQUEST, "BadArgumentError", message).with_inner(inner)
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), inner: None, challenge: None }
    }

    fn with_inner(self, inner: Value) -> Self {
        Self { inner: Some(Box::new(inner)), ..self }
    }

    pub(super) fn response(&self, request: &Request) -> Response {
        let mut body = json!({"error": {
            "message": self.message,
            "code": self.code,
            "correlationId": request.correlation_id,
        }});
        if let Some(inner) = &self.inner {
            body["error"]["innererror"] = Value::clone(inner);
        }
        let response = Response::json(self.status, &body);
        match &self.challenge {
            Some(challenge) => response.with_header("www-authenticate", challenge),
            None => response,
        }
    }
}

impl From<KqlError> for QueryError {
    fn from(error: KqlError) -> Self {
        const SYNTAX: (&str, &str) = ("SyntaxError", "A recognition error occurred in the query.");
        const SEMANTIC: (&str, &str) = ("SemanticError", "A semantic error occurred.");
        let ((code, message), inner) = match error {
            KqlError::Syntax { position, token } => {
                let (line, pos) = (position.line, position.pos);
                let message = format!("Query could not be parsed at '{token}' on line [{line},{pos}]");
                (SYNTAX, json!({"code": "SYN0002", "message": message, "line": line, "pos": pos, "token": token}))
            }
            // Azure could evaluate the query, so this code is not one of Azure's.
            KqlError::NotSimulated { position, token, what } => {
                let (line, pos) = (position.line, position.pos);
                let message = format!("The simulator does not evaluate {what}, on line [{line},{pos}]");
                (SYNTAX, json!({"code": "SIM0001", "message": message, "line": line, "pos": pos, "token": token}))
            }
            KqlError::Semantic { code, message } => (SEMANTIC, json!({"code": code, "message": message})),
        };
        Self::bad_argument(json!({"code": code, "message": message, "innererror": inner}))
    }
}
