//! Faults: canned responses, delays and broken connections for chosen requests.

mod effect;
mod fault;

use serde_json::{Value, json};

pub use effect::{Effect, Moment};
pub use fault::Fault;

use crate::http::Request;

/// The active faults, in the order of their activation.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Vec<Active>,
    last_id: u64,
}

#[derive(Debug)]
struct Active {
    id: u64,
    fault: Fault,
    /// Requests that matched, whether or not the fault applied to them.
    matched: u64,
    /// Requests that the fault applied to.
    hits: u64,
}

impl Faults {
    /// Activates a fault and returns its ID.
    ///
    /// # Errors
    /// If the effect cannot be sent over HTTP.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<u64, String> {
        fault.effect.check()?;
        self.last_id += 1;
        self.active.push(Active { id: self.last_id, fault, matched: 0, hits: 0 });
        Ok(self.last_id)
    }

    /// A fault with its counters.
    pub(crate) fn describe(&self, id: u64) -> Option<Value> {
        self.active.iter().find(|active| active.id == id).map(Active::describe)
    }

    pub(crate) fn list(&self) -> Value {
        self.active.iter().map(Active::describe).collect()
    }

    pub(crate) fn hits(&self, id: u64) -> u64 {
        self.active.iter().find(|active| active.id == id).map_or(0, |active| active.hits)
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    /// Counts the request, and returns ID and effect of the first fault that applies to it.
    pub(crate) fn apply(&mut self, request: &Request) -> Option<(u64, Effect)> {
        self.active
            .iter_mut()
            .find_map(|active| active.applies(request).then(|| (active.id, active.fault.effect.clone())))
    }
}

impl Active {
    fn applies(&mut self, request: &Request) -> bool {
        if !self.fault.matches(request) {
            return false;
        }
        let is_due = self.fault.is_due(self.matched, self.hits);
        self.matched += 1;
        self.hits += u64::from(is_due);
        is_due
    }

    fn describe(&self) -> Value {
        let mut description = json!({"id": self.id, "hits": self.hits, "matched": self.matched});
        if let Some(fields) = description.as_object_mut() {
            fields.extend(self.fault.to_fields());
        }
        description
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::{HeaderMap, Method};

    use super::*;

    #[test]
    fn fault_skips_requests_and_applies_a_limited_number_of_times() {
        let mut faults = Faults::default();
        let fault: Fault =
            serde_json::from_value(json!({"method": "put", "path": "/Things/", "skip": 1, "times": 2, "status": 500}))
                .expect("a fault");
        let id = faults.add(fault).expect("a valid effect");
        let put =
            |path: &str| Request::new(Method::PUT, &path.parse().expect("a path"), HeaderMap::new(), Bytes::new());

        let applied: Vec<bool> = (0..4).map(|_| faults.apply(&put("/things/1")).is_some()).collect();
        assert_eq!(applied, [false, true, true, false]);
        assert!(faults.apply(&put("/others/1")).is_none());
        assert_eq!(faults.hits(id), 2);
        assert_eq!(
            faults.list(),
            json!([{"id": 1, "hits": 2, "matched": 4, "method": "put", "path": "/Things/", "skip": 1, "times": 2,
                "status": 500}])
        );
    }
}
