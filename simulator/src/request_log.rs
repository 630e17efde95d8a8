//! The request log: every request in order, with its result.

use serde_json::{Value, json};

use crate::http::{Request, Response};

/// Requests in the order of their arrival. Requests to the admin endpoints are not logged.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Vec<Request>);

impl RequestLog {
    pub(crate) fn record(&mut self, mut request: Request, response: Option<&Response>, fault: Option<u64>) {
        request.status = response.map(|response| response.status.as_u16());
        request.fault = fault;
        self.0.push(request);
    }

    /// How many requests had the same method, path and query.
    pub(crate) fn count_like(&self, request: &Request) -> usize {
        let same = |other: &&Request| {
            other.method == request.method && other.path == request.path && other.query == request.query
        };
        self.0.iter().filter(same).count()
    }

    pub(crate) fn entries(&self) -> &[Request] {
        &self.0
    }

    /// The log as JSON, without headers and bodies.
    pub(crate) fn to_value(&self) -> Value {
        self.0.iter().map(entry).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

fn entry(request: &Request) -> Value {
    json!({
        "method": request.method.as_str(),
        "path": request.path,
        "query": request.query,
        "api_version": request.parameter("api-version"),
        "status": request.status,
        "correlation_id": request.correlation_id,
        "request_id": request.request_id,
        "user_agent": request.header("user-agent"),
        "fault": request.fault,
    })
}
