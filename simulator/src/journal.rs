//! The request log: what arrived, in order, whatever became of it.

use serde::Serialize;

use crate::http::{Answer, Call};

/// Requests in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Journal(Vec<Entry>);

/// One request of a client. Admin requests are not logged.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    method: String,
    path: String,
    query: String,
    api_version: Option<String>,
    /// What the service answered; null where the connection was closed without asking it.
    status: Option<u16>,
    correlation_id: String,
    request_id: String,
    user_agent: Option<String>,
    /// Id of the fault that changed the course, if one did.
    fault: Option<u64>,
}

impl Journal {
    pub(crate) fn record(&mut self, call: &Call, answer: Option<&Answer>, fault: Option<u64>) {
        self.0.push(Entry {
            method: call.method.to_string(),
            path: call.path.clone(),
            query: call.raw_query.clone(),
            api_version: call.query("api-version"),
            status: answer.map(|answer| answer.status.as_u16()),
            correlation_id: call.correlation_id.clone(),
            request_id: call.request_id.clone(),
            user_agent: call.header("user-agent").map(str::to_owned),
            fault,
        });
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
