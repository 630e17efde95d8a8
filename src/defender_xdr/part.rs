//! What one owner uses of a data connector document.

use serde_json::{Map, Value};

use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::{ALERTS, Document, Role};

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

const ADVANCED_HUNTING: &str = "advancedHunting";

/// A data type that can be switched on and off by itself, unlike the alerts of the shared document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DataType {
    /// Below `properties.dataTypes`.
    path: Vec<String>,
}

impl DataType {
    /// The incidents of Defender XDR.
    #[must_use]
    pub fn incidents() -> Self {
        Self { path: vec!["incidents".to_owned()] }
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
        document.is_on(&path)
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
}

impl Part {
    /// Data types of the shared document, and products whose alerts pass its filter.
    #[must_use]
    pub fn new(data_types: Vec<DataType>, alert_providers: Vec<String>) -> Self {
        Self { kind: MICROSOFT_THREAT_PROTECTION.to_owned(), data_types, alert_providers }
    }

    /// The alerts of one product in the shared document.
    #[must_use]
    pub fn alerts_of(provider: &str) -> Self {
        Self::new(Vec::new(), vec![provider.to_owned()])
    }

    /// The alerts of a connector of another kind. It has one owner and no filter, so its alerts are like any data type.
    #[must_use]
    pub fn dedicated(kind: &str) -> Self {
        let alerts = DataType { path: vec![ALERTS.to_owned()] };
        Self { kind: kind.to_owned(), data_types: vec![alerts], alert_providers: Vec::new() }
    }

    /// Kind of the documents that can hold it.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Can this document hold it? A connector page never does, whatever its kind says.
    pub(super) fn fits(&self, document: &Document) -> bool {
        document.role() == Role::Connection && document.is_kind(&self.kind)
    }

    pub(super) fn data_types(&self) -> &[DataType] {
        &self.data_types
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
