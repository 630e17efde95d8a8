//! The parts of a query request: the query, the timespan, and the preferences of its header.

use serde_json::{Value, json};

use super::error::QueryError;
use crate::http::Request;

/// A query request.
#[derive(Debug)]
pub(super) struct QueryRequest {
    pub(super) query: String,
    pub(super) timespan: Option<String>,
    /// `Prefer: include-permissions=true`
    pub(super) wants_permissions: bool,
}

impl QueryRequest {
    /// Reads the body of a POST, or the query string of a GET.
    pub(super) fn read(request: &Request) -> Result<Self, QueryError> {
        let text = |name: &str, value: Option<Value>| match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid(&format!("The property '{name}' must be a string"))),
        };
        let (query, timespan) = if request.method == hyper::Method::GET {
            (request.parameter("query"), request.parameter("timespan"))
        } else {
            let Ok(Value::Object(mut body)) = request.json() else {
                return Err(invalid("The body must be a JSON object"));
            };
            let mut take = |name: &str| text(name, body.shift_remove(name));
            let read = (take("query")?, take("timespan")?);
            if let Some(Value::Array(others)) = body.get("workspaces")
                && !others.is_empty()
            {
                return Err(invalid("The simulator does not query several workspaces"));
            }
            read
        };
        let query = query.filter(|query| !query.trim().is_empty());
        let query = query.ok_or_else(|| invalid("The property 'query' is missing"))?;
        Ok(Self { query, timespan, wants_permissions: prefers(request, "include-permissions=true") })
    }
}

fn prefers(request: &Request, preference: &str) -> bool {
    let header = request.header("prefer").unwrap_or_default();
    header.split([',', ';']).any(|found| found.trim().eq_ignore_ascii_case(preference))
}

/// 400 for a property of the request.
pub(super) fn invalid(message: &str) -> QueryError {
    QueryError::bad_argument(json!({"code": "InvalidProperty", "message": message}))
}
