//! Whether a document that this provider created is still in use. If not, it may be deleted.

use serde_json::{Map, Value};

use super::alerts::Alerts;
use crate::sentinel::data_connector::{ALERTS, Document};

/// Whether anything in the document is enabled, configured or unknown.
///
/// `created_with` contains the properties right after the creation. Those properties, disabled data types and an empty
/// filter are not in use. Enabled data types are in use even if `created_with` contains them, because another owner may
/// have enabled them during the creation.
pub(super) fn is_in_use(document: &Document, created_with: Option<&Value>) -> bool {
    let at_creation = created_with.unwrap_or(&Value::Null);
    let Some(properties) = document.properties().as_object() else { return !document.properties().is_null() };
    properties.iter().any(|(name, value)| {
        let at_creation = &at_creation[name.as_str()];
        match (name.as_str(), value) {
            ("tenantId", _) => false,
            ("dataTypes", Value::Object(data_types)) => {
                let no_alerts_pass = Alerts::of(document).filter.is_some_and(<[Value]>::is_empty);
                let rest = data_types.iter().filter(|(name, _)| !(no_alerts_pass && *name == ALERTS));
                rest.into_iter().any(|(name, value)| is_data_type_in_use(value, &at_creation[name.as_str()]))
            }
            ("filteredProviders", Value::Object(filters)) => is_filter_in_use(filters, at_creation),
            _ => is_unknown_in_use(value, at_creation),
        }
    })
}

/// Whether a data type is in use. It has a state, or nested data types such as the tables of advanced hunting.
fn is_data_type_in_use(value: &Value, at_creation: &Value) -> bool {
    let Some(fields) = value.as_object() else { return is_unknown_in_use(value, at_creation) };
    match fields.get("state").and_then(Value::as_str) {
        Some(state) if state.eq_ignore_ascii_case("Disabled") => false,
        Some(state) if state.eq_ignore_ascii_case("Enabled") => true,
        Some(_) => at_creation != value,
        None => fields.iter().any(|(name, value)| is_data_type_in_use(value, &at_creation[name.as_str()])),
    }
}

/// Whether a filter is in use. A provider is in use even if alerts are disabled, because another owner or user added
/// it.
fn is_filter_in_use(filters: &Map<String, Value>, at_creation: &Value) -> bool {
    filters.iter().any(|(name, value)| match value {
        Value::Array(providers) if name == ALERTS => !providers.is_empty(),
        _ => is_unknown_in_use(value, &at_creation[name.as_str()]),
    })
}

/// Whether an unknown property is in use. A missing property, null and an empty object are equal.
fn is_unknown_in_use(value: &Value, at_creation: &Value) -> bool {
    !value.is_null() && value.as_object().is_none_or(|fields| !fields.is_empty()) && value != at_creation
}
