//! The settings of a data connector document that one owner manages.

use serde_json::{Map, Value};

use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// The name of Defender for Cloud in the product filter: a guess from the two names that Microsoft documents.
pub const DEFENDER_FOR_CLOUD: &str = "microsoftDefenderForCloud";

/// Whether an alert provider is Defender for Cloud, under any of its possible names. The tenant connector manages its
/// alerts. Defender for Cloud Apps is another product.
#[must_use]
pub fn is_defender_for_cloud(provider: &str) -> bool {
    let name = provider.to_ascii_lowercase();
    let is_cloud = name.starts_with("microsoftdefenderforcloud") && !name.starts_with("microsoftdefenderforcloudapps");
    is_cloud || name == "azuresecuritycenter"
}

const INCIDENTS: &str = "incidents";
const ADVANCED_HUNTING: &str = "advancedHunting";

/// Whether `sentinel_defender_xdr_connector` manages a data type of the shared document. `data_type` is a path below
/// `dataTypes` with dots between the segments. The comparison ignores case, as Azure does.
#[must_use]
pub fn is_of_xdr_connector(data_type: &str) -> bool {
    let first = data_type.split('.').next().unwrap_or_default();
    [INCIDENTS, ADVANCED_HUNTING].iter().any(|name| name.eq_ignore_ascii_case(first))
}

/// A data type with a state of its own, unlike the alerts of the shared document, whose state all owners share.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DataType {
    /// The path below `properties.dataTypes`.
    path: Vec<String>,
}

impl DataType {
    /// The data type at this path below `dataTypes`, with dots between the segments: `advancedHunting.DeviceInfo`.
    #[must_use]
    pub fn named(path: &str) -> Self {
        Self { path: path.split('.').map(str::to_owned).collect() }
    }

    /// The incidents of Defender XDR.
    #[must_use]
    pub fn incidents() -> Self {
        Self { path: vec![INCIDENTS.to_owned()] }
    }

    /// The tables of advanced hunting that are enabled in this document.
    #[must_use]
    pub fn enabled_hunting_tables(document: &Document) -> Vec<String> {
        let tables = document.get(&["properties", "dataTypes", ADVANCED_HUNTING]).and_then(Value::as_object);
        let names = tables.into_iter().flat_map(Map::keys);
        names.filter(|table| Self::hunting_table(table).is_enabled(document)).cloned().collect()
    }

    /// One table of advanced hunting.
    #[must_use]
    pub fn hunting_table(table: &str) -> Self {
        Self { path: vec![ADVANCED_HUNTING.to_owned(), table.to_owned()] }
    }

    /// Whether the data type is enabled in this document.
    #[must_use]
    pub fn is_enabled(&self, document: &Document) -> bool {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        document.is_enabled(&path)
    }

    /// The path of the state in the document.
    pub(super) fn state_path(&self) -> Vec<&str> {
        let steps = self.path.iter().map(String::as_str);
        ["properties", "dataTypes"].into_iter().chain(steps).chain(["state"]).collect()
    }
}

/// The settings of a data connector document that one owner manages. Parts of different owners do not overlap.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    kind: String,
    data_types: Vec<DataType>,
    alert_providers: Vec<String>,
    /// Other properties of a dedicated connector. In the shared document, they could belong to another owner.
    properties: Map<String, Value>,
}

impl Part {
    /// A part of the shared document: data types, and products in the filter.
    #[must_use]
    pub fn new(data_types: Vec<DataType>, alert_providers: Vec<String>) -> Self {
        Self { kind: MICROSOFT_THREAT_PROTECTION.to_owned(), data_types, alert_providers, properties: Map::new() }
    }

    /// The alerts of one product in the shared document.
    #[must_use]
    pub fn alerts_of(provider: &str) -> Self {
        Self::new(Vec::new(), vec![provider.to_owned()])
    }

    /// A connector of another kind, with its data types and properties. It has one owner and no filter, so its alerts
    /// are an ordinary data type.
    #[must_use]
    pub fn dedicated(kind: &str, data_types: Vec<DataType>, properties: Map<String, Value>) -> Self {
        Self { kind: kind.to_owned(), data_types, alert_providers: Vec::new(), properties }
    }

    /// The kind of the documents that can contain the part.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether the part is enabled as long as the document exists. To disable it, the provider deletes the document.
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

    /// The properties that the document lacks, or that have another value in it.
    pub(super) fn missing_properties(&self, document: &Document) -> impl Iterator<Item = (&str, &Value)> {
        let properties = self.properties.iter().map(|(name, value)| (name.as_str(), value));
        properties.filter(|(name, value)| !contains_member(document.properties(), name, value))
    }

    pub(super) fn alert_providers(&self) -> &[String] {
        &self.alert_providers
    }

    /// Whether an entry of the filter is one of the part's providers. The comparison ignores case, as Azure does.
    pub(super) fn has_provider(&self, entry: &Value) -> bool {
        let is_named = |name: &str| self.alert_providers.iter().any(|own| own.eq_ignore_ascii_case(name));
        entry.as_str().is_some_and(is_named)
    }
}

/// Whether Azure's value contains the desired value. Azure adds members, changes the case of words, and omits members
/// that are null or have only such members.
fn contains(actual: &Value, desired: &Value) -> bool {
    match (actual, desired) {
        (Value::Object(_), Value::Object(desired)) => {
            desired.iter().all(|(name, desired)| contains_member(actual, name, desired))
        }
        (Value::Array(actual), Value::Array(desired)) => {
            actual.len() == desired.len()
                && actual.iter().zip(desired).all(|(actual, desired)| contains(actual, desired))
        }
        (Value::String(actual), Value::String(desired)) => actual.eq_ignore_ascii_case(desired),
        _ => actual == desired,
    }
}

/// Whether Azure's object contains the desired member. A missing member and null are equal.
fn contains_member(object: &Value, name: &str, desired: &Value) -> bool {
    match object.get(name).filter(|actual| !actual.is_null()) {
        Some(actual) => contains(actual, desired),
        None => is_empty_value(desired),
    }
}

/// Whether Azure may omit the value.
fn is_empty_value(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(|members| members.values().all(is_empty_value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn comparison_ignores_added_members_and_case() {
        let actual = json!({"scope": "tenant", "list": [{"a": 1, "b": 2}], "more": true});

        assert!(contains(&actual, &json!({"scope": "Tenant", "list": [{"a": 1}], "absent": null})));
        for other in [json!({"scope": "Subscription"}), json!({"list": []}), json!({"new": 1}), json!("scope")] {
            assert!(!contains(&actual, &other), "{other}");
        }
    }

    #[test]
    fn comparison_treats_null_as_absent() {
        for desired in [json!({"a": null}), json!({"a": {}}), json!({"a": {"b": null, "c": {}}})] {
            for actual in [json!({}), json!({"a": null}), desired.clone()] {
                assert!(contains(&actual, &desired), "{actual} for {desired}");
            }
        }
        assert!(!contains(&json!({"a": 1}), &json!({"a": null})), "the value must be removed");
        assert!(!contains(&json!({"a": null}), &json!({"a": {"b": 1}})));
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
