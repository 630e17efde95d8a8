//! The request log: every request in order, with its result.

use std::collections::HashMap;

use hyper::Method;
use serde_json::{Value, json};

use crate::http::{Request, Response};

/// Requests in the order of their arrival. Requests to the admin endpoints are not logged.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: Vec<Request>,
    /// The number of requests by method, path and query, so that counting does not scan all entries.
    counts: HashMap<(Method, String), usize>,
}

impl RequestLog {
    pub(crate) fn record(&mut self, mut request: Request, response: Option<&Response>, fault: Option<u64>) {
        request.status = response.map(|response| response.status.as_u16());
        request.fault = fault;
        *self.counts.entry((request.method.clone(), request.target())).or_default() += 1;
        self.entries.push(request);
    }

    /// The number of logged requests with the same method, path and query.
    pub(crate) fn count_like(&self, request: &Request) -> usize {
        self.counts.get(&(request.method.clone(), request.target())).copied().unwrap_or_default()
    }

    pub(crate) fn entries(&self) -> &[Request] {
        &self.entries
    }

    /// The log as JSON, without headers and bodies.
    pub(crate) fn to_value(&self) -> Value {
        self.entries.iter().map(entry).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.counts.clear();
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
