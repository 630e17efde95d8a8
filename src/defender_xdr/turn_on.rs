//! Turns a part on.

use serde_json::{Value, json};

use super::alerts::{self, Alerts};
use super::part::Part;
use super::stream::stream;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// The document with the part on; none if it is on already.
///
/// A filter is only extended. If the alerts are off, its providers start again with those of the part: [`also_starts`].
#[must_use]
pub fn turn_on(found: &Document, part: &Part) -> Option<Document> {
    if stream(found, part).is_some() {
        return None;
    }
    let mut document = found.clone();
    for data_type in part.data_types().iter().filter(|data_type| !data_type.is_on(found)) {
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

/// The document to create if the workspace has none that could hold the part. Nothing but the part is on in it.
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
    turn_on(&empty, part).unwrap_or(empty)
}

/// Providers of others that [`turn_on`] starts: they are in the filter, but the alerts are off.
///
/// They stay in the filter, because it is not known who wants them there. And they keep streaming when the part is
/// turned off, because they may belong to another owner in the meantime.
#[must_use]
pub fn also_starts(found: &Document, part: &Part) -> Vec<String> {
    let alerts = Alerts::of(found);
    if alerts.are_on || part.alert_providers().is_empty() {
        return Vec::new();
    }
    let others = alerts.filter.into_iter().flatten().filter(|entry| !part.has_provider(entry));
    others.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The value to write. Members that only Azure has stay.
fn merged(held: Option<&Value>, wanted: &Value) -> Value {
    match (held, wanted) {
        (Some(Value::Object(held)), Value::Object(wanted)) => {
            let mut all = held.clone();
            for (name, value) in wanted {
                all.insert(name.clone(), merged(held.get(name), value));
            }
            Value::Object(all)
        }
        _ => wanted.clone(),
    }
}

fn add_alert_providers(document: &mut Document, found: &Alerts<'_>, part: &Part) {
    if found.are_on && found.filter.is_none() {
        return; // everything streams, the part as well
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
    if !found.are_on {
        document.set(&alerts::STATE, "Enabled".into());
    }
}
