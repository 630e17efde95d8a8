//! What one owner uses of a data connector document.

use serde_json::{Map, Value};

use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// Name of Defender for Cloud among the alert providers: a guess from the two names that Microsoft documents.
pub const DEFENDER_FOR_CLOUD: &str = "microsoftDefenderForCloud";

/// Whether an alert provider is Defender for Cloud, under any name that it may have. Its alerts belong to the tenant
/// connector. Defender for Cloud Apps is another product.
#[must_use]
pub fn is_defender_for_cloud(provider: &str) -> bool {
    let name = provider.to_ascii_lowercase();
    let is_cloud = name.starts_with("microsoftdefenderforcloud") && !name.starts_with("microsoftdefenderforcloudapps");
    is_cloud || name == "azuresecuritycenter"
}

const INCIDENTS: &str = "incidents";
const ADVANCED_HUNTING: &str = "advancedHunting";

/// Whether `sentinel_defender_xdr_connector` manages a data type of the shared document, given as a path below
/// `dataTypes` with a dot between the steps. Compared without case: a name that differs only in case is no other data
/// type.
#[must_use]
pub fn is_of_xdr_connector(data_type: &str) -> bool {
    let first = data_type.split('.').next().unwrap_or_default();
    [INCIDENTS, ADVANCED_HUNTING].iter().any(|name| name.eq_ignore_ascii_case(first))
}

/// A data type that can be switched on and off by itself, unlike the alerts of the shared document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DataType {
    /// Below `properties.dataTypes`.
    path: Vec<String>,
}

impl DataType {
    /// The data type at this path below `dataTypes`, with a dot between the steps: `advancedHunting.DeviceInfo`.
    #[must_use]
    pub fn named(path: &str) -> Self {
        Self { path: path.split('.').map(str::to_owned).collect() }
    }

    /// The incidents of Defender XDR.
    #[must_use]
    pub fn incidents() -> Self {
        Self { path: vec![INCIDENTS.to_owned()] }
    }

    /// All tables of advanced hunting that are on in this document.
    #[must_use]
    pub fn hunting_tables_on(document: &Document) -> Vec<String> {
        let tables = document.get(&["properties", "dataTypes", ADVANCED_HUNTING]).and_then(Value::as_object);
        let names = tables.into_iter().flat_map(Map::keys);
        names.filter(|table| Self::hunting_table(table).is_on(document)).cloned().collect()
    }

    /// One table of advanced hunting.
    #[must_use]
    pub fn hunting_table(table: &str) -> Self {
        Self { path: vec![ADVANCED_HUNTING.to_owned(), table.to_owned()] }
    }

    /// Is it on in this document?
    #[must_use]
    pub fn is_on(&self, document: &Document) -> bool {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        document.is_enabled(&path)
    }

    /// Where its state is.
    pub(super) fn state_path(&self) -> Vec<&str> {
        let steps = self.path.iter().map(String::as_str);
        ["properties", "dataTypes"].into_iter().chain(steps).chain(["state"]).collect()
    }
}

/// What one owner uses of a data connector document. Parts of different owners have nothing in common.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    kind: String,
    data_types: Vec<DataType>,
    alert_providers: Vec<String>,
    /// Only of a dedicated connector: in the shared document, they could be another owner's.
    properties: Map<String, Value>,
}

impl Part {
    /// Data types of the shared document, and products whose alerts pass its filter.
    #[must_use]
    pub fn new(data_types: Vec<DataType>, alert_providers: Vec<String>) -> Self {
        Self { kind: MICROSOFT_THREAT_PROTECTION.to_owned(), data_types, alert_providers, properties: Map::new() }
    }

    /// The alerts of one product in the shared document.
    #[must_use]
    pub fn alerts_of(provider: &str) -> Self {
        Self::new(Vec::new(), vec![provider.to_owned()])
    }

    /// All of a connector of another kind: data types that are on, and properties that it has. It has one owner and no
    /// filter, so its alerts are like any data type.
    #[must_use]
    pub fn dedicated(kind: &str, data_types: Vec<DataType>, properties: Map<String, Value>) -> Self {
        Self { kind: kind.to_owned(), data_types, alert_providers: Vec::new(), properties }
    }

    /// Kind of the documents that can hold it.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Is it on because the document exists? Nothing in such a document can be switched off, so it is deleted instead.
    pub(super) fn is_whole_document(&self) -> bool {
        self.kind != MICROSOFT_THREAT_PROTECTION && self.data_types.is_empty()
    }

    /// Whether this document can contain the part. A connector page never does.
    pub(super) fn fits(&self, document: &Document) -> bool {
        !document.is_connector_page() && document.is_kind(&self.kind)
    }

    pub(super) fn data_types(&self) -> &[DataType] {
        &self.data_types
    }

    /// The properties that the document lacks, or that have another value there.
    pub(super) fn missing_properties(&self, document: &Document) -> impl Iterator<Item = (&str, &Value)> {
        let properties = self.properties.iter().map(|(name, value)| (name.as_str(), value));
        properties.filter(|(name, value)| !holds_member(document.properties(), name, value))
    }

    pub(super) fn alert_providers(&self) -> &[String] {
        &self.alert_providers
    }

    /// Is this entry of a filter one of its providers? Compared without case, as Azure does.
    pub(super) fn has_provider(&self, entry: &Value) -> bool {
        let is_named = |name: &str| self.alert_providers.iter().any(|own| own.eq_ignore_ascii_case(name));
        entry.as_str().is_some_and(is_named)
    }
}

/// Whether what Azure holds is what was asked for. Azure adds members, changes the case of words, and leaves out
/// members that are null or have only such members.
fn holds(held: &Value, wanted: &Value) -> bool {
    match (held, wanted) {
        (Value::Object(_), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| holds_member(held, name, wanted))
        }
        (Value::Array(held), Value::Array(wanted)) => {
            held.len() == wanted.len() && held.iter().zip(wanted).all(|(held, wanted)| holds(held, wanted))
        }
        (Value::String(held), Value::String(wanted)) => held.eq_ignore_ascii_case(wanted),
        _ => held == wanted,
    }
}

/// Whether an object that Azure holds has this member. Absent and null mean the same.
fn holds_member(object: &Value, name: &str, wanted: &Value) -> bool {
    match object.get(name).filter(|held| !held.is_null()) {
        Some(held) => holds(held, wanted),
        None => is_empty_value(wanted),
    }
}

/// Whether Azure may leave the value out.
fn is_empty_value(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(|members| members.values().all(is_empty_value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn comparison_ignores_added_members_and_case() {
        let held = json!({"scope": "tenant", "list": [{"a": 1, "b": 2}], "more": true});

        assert!(holds(&held, &json!({"scope": "Tenant", "list": [{"a": 1}], "gone": null})));
        for other in [json!({"scope": "Subscription"}), json!({"list": []}), json!({"new": 1}), json!("scope")] {
            assert!(!holds(&held, &other), "{other}");
        }
    }

    #[test]
    fn comparison_treats_null_as_absent() {
        for wanted in [json!({"a": null}), json!({"a": {}}), json!({"a": {"b": null, "c": {}}})] {
            for held in [json!({}), json!({"a": null}), wanted.clone()] {
                assert!(holds(&held, &wanted), "{held} for {wanted}");
            }
        }
        assert!(!holds(&json!({"a": 1}), &json!({"a": null})), "a value must go");
        assert!(!holds(&json!({"a": null}), &json!({"a": {"b": 1}})));
    }

    #[test]
    fn recognizes_data_types_of_the_xdr_connector_in_any_case() {
        for path in ["incidents", "INCIDENTS", "incidents.x", "advancedHunting", "AdvancedHunting.DeviceInfo"] {
            assert!(is_of_xdr_connector(path), "{path}");
        }
        for path in ["alerts", "incidentsOfCloud", "advancedHuntingCloud", "cloud.incidents"] {
            assert!(!is_of_xdr_connector(path), "{path}");
        }
    }
}
