//! Enables a part, in an existing or a new document.

use serde_json::{Value, json};

use super::alerts::{self, Alerts};
use super::part::Part;
use super::stream::stream;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// Enables the part. Returns `None` if it is already enabled.
///
/// A filter is only extended. If the alerts are disabled, enabling them also enables the providers that are already in
/// the filter: see [`also_enables`].
#[must_use]
pub fn enable(found: &Document, part: &Part) -> Option<Document> {
    if stream(found, part).is_some() {
        return None;
    }
    let mut document = found.clone();
    for data_type in part.data_types().iter().filter(|data_type| !data_type.is_enabled(found)) {
        document.set(&data_type.state_path(), "Enabled".into());
    }
    for (name, value) in part.missing_properties(found) {
        document.set(&["properties", name], merged(found.get(&["properties", name]), value));
    }
    if !part.alert_providers().is_empty() {
        add_alert_providers(&mut document, &Alerts::of(found), part);
    }
    alerts::drop_empty_filter(&mut document);
    Some(document)
}

/// The document to create if no document of the workspace can contain the part. Only the part is enabled in it.
#[must_use]
pub fn new_document(part: &Part, name: &str, tenant_id: &str) -> Document {
    let is_shared = part.kind() == MICROSOFT_THREAT_PROTECTION;
    let properties = if is_shared {
        // Azure requires the state of the incidents.
        json!({"tenantId": tenant_id, "dataTypes": {"incidents": {"state": "Disabled"}}})
    } else {
        json!({"tenantId": tenant_id})
    };
    let empty = Document::new(name, part.kind(), properties);
    enable(&empty, part).unwrap_or(empty)
}

/// The providers of other owners that [`enable`] also enables: they are in the filter, but the alerts are disabled.
///
/// They remain in the filter, because another owner may have added them. Disabling the part does not disable them
/// again, because another owner may rely on them by then.
#[must_use]
pub fn also_enables(found: &Document, part: &Part) -> Vec<String> {
    let alerts = Alerts::of(found);
    if alerts.are_enabled || part.alert_providers().is_empty() {
        return Vec::new();
    }
    let others = alerts.filter.into_iter().flatten().filter(|entry| !part.has_provider(entry));
    others.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Merges the desired value into Azure's value. Members that only Azure's value has are kept.
fn merged(actual: Option<&Value>, desired: &Value) -> Value {
    match (actual, desired) {
        (Some(Value::Object(actual)), Value::Object(desired)) => {
            let mut all = actual.clone();
            for (name, value) in desired {
                all.insert(name.clone(), merged(actual.get(name), value));
            }
            Value::Object(all)
        }
        _ => desired.clone(),
    }
}

fn add_alert_providers(document: &mut Document, found: &Alerts<'_>, part: &Part) {
    if found.are_enabled && found.filter.is_none() {
        return; // The alerts of all products already stream.
    }
    let missing: Vec<Value> = part
        .alert_providers()
        .iter()
        .filter(|provider| !found.names(provider))
        .map(|provider| provider.as_str().into())
        .collect();
    if !missing.is_empty() {
        let filter: Vec<Value> = found.filter.into_iter().flatten().cloned().chain(missing).collect();
        document.set(&alerts::FILTER, filter.into());
    }
    if !found.are_enabled {
        document.set(&alerts::STATE, "Enabled".into());
    }
}
