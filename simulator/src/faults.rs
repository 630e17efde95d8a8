//! Faults as data: which requests they meet, and what happens to those.

use std::collections::BTreeMap;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::{Answer, Call};

/// The faults in force. The first that is due for a request meets it.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Vec<Fault>,
    last_id: u64,
}

/// What a test posts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Method in any case; absent or `*`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Regular expression searched for in path and query, without case; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// How many matching requests pass unharmed first.
    #[serde(default)]
    skip: u64,
    /// How many are met after that; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    /// Answered instead of asking the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Of the answer given instead; without `status` and `body`, added to the service's own answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    /// Answered instead: JSON, or a string that is sent as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    /// The answer waits so long. What the request does, it has done by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    /// The connection closes without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disconnect: Option<Disconnect>,
    /// The connection closes after so many bytes of the answer's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    truncate: Option<usize>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Disconnect {
    /// The request never happened.
    Before,
    /// It happened, its answer is lost.
    After,
}

#[derive(Debug)]
struct Fault {
    id: u64,
    order: Order,
    path: Option<Regex>,
    /// Requests that matched, harmed or not.
    matched: u64,
    /// Requests that were met.
    hits: u64,
}

/// What one request meets.
#[derive(Clone, Debug)]
pub(crate) struct Encounter {
    pub(crate) id: u64,
    order: Order,
}

impl Faults {
    /// Puts a fault in force and returns its description.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the order.
    pub(crate) fn add(&mut self, order: Order) -> Result<Value, String> {
        let path = order
            .path
            .as_deref()
            .map(|path| regex::RegexBuilder::new(path).case_insensitive(true).build())
            .transpose()
            .map_err(|error| format!("\"path\" is not a regular expression: {error}"))?;
        if let Some(status) = order.status {
            StatusCode::from_u16(status).map_err(|_| format!("\"status\" {status} is not an HTTP status"))?;
        }
        for (name, value) in &order.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(format!("{name:?} with {value:?} is not a header that HTTP allows"));
            }
        }
        self.last_id += 1;
        let fault = Fault { id: self.last_id, order, path, matched: 0, hits: 0 };
        let description = fault.describe();
        self.active.push(fault);
        Ok(description)
    }

    pub(crate) fn list(&self) -> Value {
        self.active.iter().map(Fault::describe).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    /// Counts the request against the faults, and returns the one that meets it.
    pub(crate) fn encounter(&mut self, call: &Call) -> Option<Encounter> {
        let target = call.path_and_query();
        self.active.iter_mut().find_map(|fault| fault.meets(call.method.as_str(), &target))
    }
}

impl Fault {
    fn meets(&mut self, method: &str, target: &str) -> Option<Encounter> {
        let wanted = self.order.method.as_deref().unwrap_or("*");
        let matches = (wanted == "*" || wanted.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|path| path.is_match(target));
        if !matches {
            return None;
        }
        self.matched += 1;
        let due = self.matched > self.order.skip && self.order.times.is_none_or(|times| self.hits < times);
        if !due {
            return None;
        }
        self.hits += 1;
        Some(Encounter { id: self.id, order: self.order.clone() })
    }

    fn describe(&self) -> Value {
        let mut description = json!({"id": self.id, "hits": self.hits, "matched": self.matched});
        if let (Some(all), Ok(Value::Object(order))) = (description.as_object_mut(), serde_json::to_value(&self.order))
        {
            all.extend(order);
        }
        description
    }
}

impl Encounter {
    /// The answer that is given without asking the service. It has the request's ids, as all of Azure's have.
    pub(crate) fn substitute(&self, call: &Call) -> Option<Answer> {
        if self.order.status.is_none() && self.order.body.is_none() {
            return None;
        }
        let status = self.order.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        let answer = match &self.order.body {
            Some(Value::String(text)) => Answer::text(status, "application/json; charset=utf-8", text.clone()),
            Some(body) => Answer::json(status, body),
            None if status.is_success() => Answer::empty(status),
            None => {
                let reason = status.canonical_reason().unwrap_or("Error").replace(' ', "");
                let message = format!("The simulator was asked to answer {status}.");
                Answer::json(status, &json!({"error": {"code": reason, "message": message}}))
            }
        };
        let answer = answer.with_header("x-ms-request-id", &call.request_id);
        Some(self.decorate(answer.with_header("x-ms-correlation-request-id", &call.correlation_id)))
    }

    /// The service's answer with the fault's headers.
    pub(crate) fn decorate(&self, mut answer: Answer) -> Answer {
        for (name, value) in &self.order.headers {
            answer.set_header(name, value);
        }
        answer
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.order.delay_ms.unwrap_or_default())
    }

    pub(crate) fn disconnect(&self) -> Option<Disconnect> {
        self.order.disconnect
    }

    pub(crate) fn truncate(&self) -> Option<usize> {
        self.order.truncate
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::{HeaderMap, Method};

    use super::*;

    #[test]
    fn a_fault_lets_pass_what_it_skips_and_ends_after_its_times() {
        let mut faults = Faults::default();
        let order = json!({"method": "put", "path": "/Things/", "skip": 1, "times": 2, "status": 500});
        faults.add(serde_json::from_value(order).expect("an order")).expect("a valid order");
        let put = |path: &str| Call::new(Method::PUT, &path.parse().expect("a path"), HeaderMap::new(), Bytes::new());

        let met: Vec<bool> = (0..4).map(|_| faults.encounter(&put("/things/1")).is_some()).collect();
        assert_eq!(met, [false, true, true, false]);
        assert!(faults.encounter(&put("/others/1")).is_none());
        assert_eq!(faults.list()[0]["hits"], 2);
    }
}
