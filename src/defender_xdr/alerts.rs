//! The alerts of the shared document: their state, and the product filter.

use serde_json::Value;

use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::{ALERTS, Document};

pub(super) const STATE: [&str; 4] = ["properties", "dataTypes", ALERTS, "state"];
pub(super) const FILTER: [&str; 3] = ["properties", FILTERS, ALERTS];
const FILTERS: &str = "filteredProviders";

/// The alert settings of a document.
pub(super) struct Alerts<'a> {
    pub(super) are_enabled: bool,
    /// The product filter. `None` if it is missing or null, which streams the alerts of all products.
    pub(super) filter: Option<&'a [Value]>,
}

impl<'a> Alerts<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let filter = document.get(&FILTER).and_then(Value::as_array);
        Self { are_enabled: document.is_enabled(&[ALERTS]), filter: filter.map(Vec::as_slice) }
    }

    /// Whether the filter contains this provider, even if the alerts are disabled.
    pub(super) fn names(&self, provider: &str) -> bool {
        let mut names = self.filter.into_iter().flatten().filter_map(Value::as_str);
        names.any(|name| name.eq_ignore_ascii_case(provider))
    }
}

/// Removes `filteredProviders` if it contains no filter. Azure returns null or an empty object for a missing filter,
/// but rejects that object in a request.
pub(super) fn drop_empty_filter(document: &mut Document) {
    let is_empty = match document.properties().get(FILTERS) {
        Some(Value::Object(filters)) => filters.values().all(Value::is_null),
        Some(filters) => filters.is_null(),
        None => false,
    };
    if is_empty && document.is_kind(MICROSOFT_THREAT_PROTECTION) {
        document.remove(&["properties", FILTERS]);
    }
}
