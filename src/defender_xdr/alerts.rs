//! The alerts of the shared document: a state, and a filter of alert providers.

use serde_json::Value;

use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::{ALERTS, Document};

pub(super) const STATE: [&str; 4] = ["properties", "dataTypes", ALERTS, "state"];
pub(super) const FILTER: [&str; 3] = ["properties", FILTERS, ALERTS];
const FILTERS: &str = "filteredProviders";

/// What a document says about alerts.
pub(super) struct Alerts<'a> {
    pub(super) are_on: bool,
    /// Absent if it is missing or null: then the alerts of all products stream.
    pub(super) filter: Option<&'a [Value]>,
}

impl<'a> Alerts<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let filter = document.get(&FILTER).and_then(Value::as_array);
        Self { are_on: document.is_enabled(&[ALERTS]), filter: filter.map(Vec::as_slice) }
    }

    /// Does the filter name this provider, whether the alerts are on or off?
    pub(super) fn names(&self, provider: &str) -> bool {
        let mut names = self.filter.into_iter().flatten().filter_map(Value::as_str);
        names.any(|name| name.eq_ignore_ascii_case(provider))
    }
}

/// Takes `filteredProviders` away if it holds nothing. Azure answers with null or an empty object for what is absent,
/// but wants a filter in the object that is sent back.
pub(super) fn drop_empty_filter(document: &mut Document) {
    let holds_nothing = match document.properties().get(FILTERS) {
        Some(Value::Object(filters)) => filters.values().all(Value::is_null),
        Some(filters) => filters.is_null(),
        None => false,
    };
    if holds_nothing && document.is_kind(MICROSOFT_THREAT_PROTECTION) {
        document.remove(&["properties", FILTERS]);
    }
}
