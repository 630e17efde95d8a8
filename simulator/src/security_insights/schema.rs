//! The published schemas of Sentinel's documents.
//!
//! `schema.json` is derived from the published types of api-version 2025-10-01-preview. `arm::schema` describes its
//! notation. Each kind also names the first stable and the first preview api-version that have it. `open` means that
//! Azure keeps members that are not in the schema.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::api_versions::{is_preview, is_since};
use crate::arm::ArmError;
use crate::arm::schema::{Reader, malformed};

static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("schema.json"))
        .expect("invariant: the embedded schemas are JSON, tests read them")
});

/// A kind of a resource type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    entry: &'static Value,
}

impl Kind {
    /// The kind with this name, if the api-version has it. Preview api-versions also have the `unpublished` kinds.
    pub(super) fn find(collection: &str, name: &str, api_version: &str, unpublished: &[String]) -> Option<Self> {
        let (known, entry) = SCHEMAS[collection].as_object()?.iter().find(|(known, _)| *known == name)?;
        let preview = is_preview(api_version);
        let is_published = match entry[if preview { "preview" } else { "stable" }].as_str() {
            Some(first) => is_since(api_version, first),
            None => preview && unpublished.iter().any(|other| other == name),
        };
        is_published.then_some(Self { name: known, entry })
    }

    /// Whether Azure keeps members that are not in the schema.
    pub(super) fn is_open(self) -> bool {
        self.entry["open"] == true
    }

    /// The schema of `properties`.
    pub(super) fn properties(self) -> &'static Value {
        &self.entry["properties"]
    }
}

/// The schema of the `properties` of a resource type without kinds.
pub(super) fn of(collection: &str) -> &'static Value {
    &SCHEMAS[collection]
}

/// The `properties` as Azure stores them; see [`Reader::read`].
pub(super) fn read(schema: &Value, sent: Option<&Value>, keep_unknown: bool) -> Result<Map<String, Value>, ArmError> {
    let sent = sent.filter(|sent| !sent.is_null()).ok_or_else(|| ArmError::missing_property("properties", ""))?;
    let reader = Reader { definitions: &SCHEMAS["definitions"], keep_unknown };
    match reader.read(schema, sent, "properties")? {
        Value::Object(properties) => Ok(properties),
        _ => Err(malformed("properties", "an object")),
    }
}

/// Returns 400 if one of these texts is missing or empty. Azure requires them, although its schema declares them
/// optional.
pub(super) fn require_texts(properties: &Map<String, Value>, names: &[&str]) -> Result<(), ArmError> {
    let is_missing = |name: &&&str| properties.get(**name).and_then(Value::as_str).is_none_or(str::is_empty);
    names.iter().find(is_missing).map_or(Ok(()), |name| Err(ArmError::missing_property(name, "properties")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_depend_on_the_api_version() {
        let has = |name: &str, version: &str| Kind::find("dataConnectors", name, version, &[]).is_some();
        assert!(has("MicrosoftThreatProtection", "2025-10-01-preview"));
        assert!(!has("MicrosoftThreatProtection", "2025-09-01"));
        assert!(has("RestApiPoller", "2024-09-01"));
        assert!(!has("RestApiPoller", "2023-11-01"));
        assert!(!has("GCP", "2022-10-01-preview"));
        assert!(has("Push", "2026-08-01-preview"));
        assert!(!has("Push", "2026-07-01"));
    }

    #[test]
    fn unpublished_kinds_depend_on_the_world() {
        let name = "MicrosoftDefenderForCloudTenantBased";
        let has =
            |version: &str, unpublished: &[String]| Kind::find("dataConnectors", name, version, unpublished).is_some();
        assert!(!has("2025-10-01-preview", &[]));
        assert!(has("2025-10-01-preview", &[name.to_owned()]));
        assert!(!has("2025-09-01", &[name.to_owned()]));
    }

    #[test]
    fn all_schemas_have_the_documented_notation() {
        fn check(schema: &Value) {
            match schema {
                Value::String(name) => match name.strip_prefix('@') {
                    Some(name) => assert!(SCHEMAS["definitions"].get(name).is_some(), "{name}"),
                    None => assert!(
                        ["any", "string", "boolean", "integer", "date", "date-time", "duration"]
                            .contains(&name.as_str())
                            || name.starts_with('=')
                    ),
                },
                Value::Array(element) => check(&element[0]),
                Value::Object(members) => members.values().for_each(|schema| {
                    if schema.is_object() && members.keys().any(|name| name.starts_with('$')) {
                        schema.as_object().into_iter().flatten().for_each(|(_, schema)| check(schema));
                    } else {
                        check(schema);
                    }
                }),
                _ => panic!("{schema}"),
            }
        }
        for (section, entries) in SCHEMAS.as_object().expect("an object") {
            for (_, entry) in entries.as_object().expect("an object") {
                match section.as_str() {
                    "dataConnectors" | "alertRules" | "dataConnectorDefinitions" => check(&entry["properties"]),
                    _ => check(entry),
                }
            }
        }
    }
}
