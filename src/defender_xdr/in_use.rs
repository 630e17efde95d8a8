//! Whether a document that this provider created is in use, or may be deleted.

use serde_json::{Map, Value};

use super::alerts::Alerts;
use crate::sentinel::data_connector::{ALERTS, Document};

/// Is anything in the document on, configured, or unknown?
///
/// Not in use are data types that are off, an empty filter, and what was there right after the creation:
/// `created_with`, the properties then. What is on is in use even if it was on then: another owner may have been that
/// quick.
pub(super) fn is_in_use(document: &Document, created_with: Option<&Value>) -> bool {
    let at_first = created_with.unwrap_or(&Value::Null);
    let Some(properties) = document.properties().as_object() else { return !document.properties().is_null() };
    properties.iter().any(|(name, value)| {
        let at_first = &at_first[name.as_str()];
        match (name.as_str(), value) {
            ("tenantId", _) => false,
            ("dataTypes", Value::Object(data_types)) => {
                let silent = Alerts::of(document).filter.is_some_and(<[Value]>::is_empty);
                let rest = data_types.iter().filter(|(name, _)| !(silent && *name == ALERTS));
                rest.into_iter().any(|(name, value)| is_data_type_in_use(value, &at_first[name.as_str()]))
            }
            ("filteredProviders", Value::Object(filters)) => is_filter_in_use(filters, at_first),
            _ => is_unknown_in_use(value, at_first),
        }
    })
}

/// A data type has a state, or is made of data types, like the tables of advanced hunting.
fn is_data_type_in_use(value: &Value, at_first: &Value) -> bool {
    let Some(fields) = value.as_object() else { return is_unknown_in_use(value, at_first) };
    match fields.get("state").and_then(Value::as_str) {
        Some(state) if state.eq_ignore_ascii_case("Disabled") => false,
        Some(state) if state.eq_ignore_ascii_case("Enabled") => true,
        Some(_) => at_first != value,
        None => fields.iter().any(|(name, value)| is_data_type_in_use(value, &at_first[name.as_str()])),
    }
}

/// A provider is in use even while the alerts are off, because another owner or user added it.
fn is_filter_in_use(filters: &Map<String, Value>, at_first: &Value) -> bool {
    filters.iter().any(|(name, value)| match value {
        Value::Array(providers) if name == ALERTS => !providers.is_empty(),
        _ => is_unknown_in_use(value, &at_first[name.as_str()]),
    })
}

/// Absent, null and an empty object mean the same.
fn is_unknown_in_use(value: &Value, at_first: &Value) -> bool {
    !value.is_null() && value.as_object().is_none_or(|fields| !fields.is_empty()) && value != at_first
}
