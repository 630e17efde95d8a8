//! The published schemas of Sentinel's documents, and the check of what a client sends against them.
//!
//! `schema.json` is derived from the published types of api-version 2025-10-01-preview. Its notation:
//!
//! | schema | values |
//! |---|---|
//! | `"string"`, `"boolean"`, `"integer"`, `"any"` | of this type |
//! | `"=A\|B"` | one of these strings, in any case |
//! | `"@Name"` | those of the definition `Name` |
//! | `[schema]` | arrays |
//! | `{"a!": schema, "b": schema}` | objects with `a`, and perhaps with `b` |
//! | `{"*": schema}` | objects with any members |
//! | `{"$type": {"A": schema}}` | objects whose member `type` selects the schema of the others |
//!
//! A kind also has the first stable and the first preview api-version that have it. `open` means that Azure keeps
//! members that are not in the schema.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::api_versions::{is_preview, is_since};
use crate::arm::ArmError;

static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("schema.json"))
        .expect("invariant: the embedded schemas are JSON, tests read them")
});

/// A kind of a resource type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    row: &'static Value,
}

impl Kind {
    /// The kind with this name, if the api-version has it. Preview api-versions also have the `unpublished` kinds.
    pub(super) fn find(collection: &str, name: &str, api_version: &str, unpublished: &[String]) -> Option<Self> {
        let (known, row) = SCHEMAS[collection].as_object()?.iter().find(|(known, _)| *known == name)?;
        let preview = is_preview(api_version);
        let is_published = match row[if preview { "preview" } else { "stable" }].as_str() {
            Some(first) => is_since(api_version, first),
            None => preview && unpublished.iter().any(|other| other == name),
        };
        is_published.then_some(Self { name: known, row })
    }

    /// Whether Azure keeps members that are not in the schema.
    pub(super) fn is_open(self) -> bool {
        self.row["open"] == true
    }

    /// The schema of `properties`.
    pub(super) fn properties(self) -> &'static Value {
        &self.row["properties"]
    }
}

/// The schema of the `properties` of a resource type without kinds.
pub(super) fn of(collection: &str) -> &'static Value {
    &SCHEMAS[collection]
}

/// The `properties` as Azure stores them: with members and enumerated values in their published casing, and without
/// nulls. Members that are not in the schema are dropped unless `keep_unknown`.
///
/// # Errors
/// 400 for missing members and for values that do not match the schema.
pub(super) fn read(schema: &Value, sent: Option<&Value>, keep_unknown: bool) -> Result<Map<String, Value>, ArmError> {
    match sent {
        None | Some(Value::Null) => Err(ArmError::missing_property("properties", "")),
        Some(sent) => match value(schema, sent, "properties", keep_unknown)? {
            Value::Object(properties) => Ok(properties),
            _ => Err(malformed("properties", "an object")),
        },
    }
}

/// 400 for required texts that are missing or empty although the schema says that they are optional.
pub(super) fn require_texts(properties: &Map<String, Value>, names: &[&str]) -> Result<(), ArmError> {
    let is_missing = |name: &&&str| properties.get(**name).and_then(Value::as_str).is_none_or(str::is_empty);
    names.iter().find(is_missing).map_or(Ok(()), |name| Err(ArmError::missing_property(name, "properties")))
}

/// 400 for a value of the wrong type.
pub(super) fn malformed(path: &str, expected: &str) -> ArmError {
    ArmError::bad_request(format!("Error converting value. Path '{path}': expected {expected}."))
}

fn value(schema: &Value, sent: &Value, path: &str, keep_unknown: bool) -> Result<Value, ArmError> {
    let checked = |is_valid: bool, expected: &str| {
        if is_valid { Ok(sent.clone()) } else { Err(malformed(path, expected)) }
    };
    match schema {
        Value::String(name) => match name.as_str() {
            "any" => Ok(sent.clone()),
            "string" => checked(sent.is_string(), "a string"),
            "boolean" => checked(sent.is_boolean(), "a boolean"),
            "integer" => checked(sent.is_i64() || sent.is_u64(), "an integer"),
            name => match name.strip_prefix('=') {
                Some(known) => one_of(known, sent, path),
                None => value(&SCHEMAS["definitions"][name.trim_start_matches('@')], sent, path, keep_unknown),
            },
        },
        Value::Array(element) => {
            let sent = sent.as_array().ok_or_else(|| malformed(path, "an array"))?;
            let elements = sent.iter().enumerate();
            elements.map(|(at, sent)| value(&element[0], sent, &format!("{path}[{at}]"), keep_unknown)).collect()
        }
        Value::Object(members) => {
            let sent = sent.as_object().ok_or_else(|| malformed(path, "an object"))?;
            object(members, sent, path, keep_unknown).map(Value::Object)
        }
        _ => unreachable!("invariant: schema.json has the documented notation"),
    }
}

/// An enumerated value. Flags that are strings in the schema may also be sent as booleans.
fn one_of(known: &str, sent: &Value, path: &str) -> Result<Value, ArmError> {
    let text = sent.as_bool().map(|flag| flag.to_string()).or_else(|| sent.as_str().map(str::to_owned));
    let found = text.and_then(|text| known.split('|').find(|known| known.eq_ignore_ascii_case(&text)));
    found.map(|found| json!(found)).ok_or_else(|| {
        let supported = known.replace('|', ", ");
        ArmError::bad_request(format!(
            "Error converting value {sent}. Path '{path}'. The supported values are '{supported}'."
        ))
    })
}

fn object(
    members: &Map<String, Value>,
    sent: &Map<String, Value>,
    path: &str,
    keep_unknown: bool,
) -> Result<Map<String, Value>, ArmError> {
    if let Some((discriminator, kinds)) =
        members.iter().find_map(|(name, kinds)| Some((name.strip_prefix('$')?, kinds)))
    {
        return discriminated(discriminator, kinds, sent, path, keep_unknown);
    }
    let is_null = |name: &str| member(sent, name).is_none_or(|(_, value)| value.is_null());
    if let Some(missing) = members.keys().filter_map(|name| name.strip_suffix('!')).find(|name| is_null(name)) {
        return Err(ArmError::missing_property(missing, path));
    }
    let mut kept = Map::new();
    for (name, sent) in sent {
        let known = members.iter().find(|(known, _)| known.trim_end_matches('!').eq_ignore_ascii_case(name));
        match known.map(|(known, schema)| (known.trim_end_matches('!'), schema)) {
            Some(_) if sent.is_null() => {}
            Some((known, schema)) => {
                kept.insert(known.to_owned(), value(schema, sent, &format!("{path}.{known}"), keep_unknown)?);
            }
            None => match members.get("*") {
                Some(schema) => {
                    kept.insert(name.clone(), value(schema, sent, &format!("{path}.{name}"), keep_unknown)?);
                }
                None if keep_unknown => {
                    kept.insert(name.clone(), sent.clone());
                }
                None => {}
            },
        }
    }
    Ok(kept)
}

fn discriminated(
    name: &str,
    kinds: &Value,
    sent: &Map<String, Value>,
    path: &str,
    keep_unknown: bool,
) -> Result<Map<String, Value>, ArmError> {
    let (_, kind) = member(sent, name).ok_or_else(|| ArmError::missing_property(name, path))?;
    let kinds = kinds.as_object().into_iter().flatten();
    let known: Vec<(&String, &Value)> = kinds.collect();
    let names: Vec<&str> = known.iter().map(|(known, _)| known.as_str()).collect();
    let kind = one_of(&names.join("|"), kind, &format!("{path}.{name}"))?;
    let schema = known.iter().find(|(known, _)| kind == known.as_str()).and_then(|(_, schema)| schema.as_object());
    let mut kept = object(schema.unwrap_or(&Map::new()), sent, path, keep_unknown)?;
    kept.insert(name.to_owned(), kind);
    Ok(kept)
}

/// A member. As in Azure, names compare without case.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<(&'a String, &'a Value)> {
    object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(schema: &Value, sent: &Value) -> String {
        let error = value(schema, sent, "properties", false).expect_err("it is refused").response();
        serde_json::from_slice::<Value>(&error.body).expect("JSON")["error"]["message"].to_string()
    }

    #[test]
    fn drops_unknown_members_and_normalizes_casing() {
        let schema = json!({"a!": "=One|Two", "b": ["integer"], "c": {"*": "string"}});
        let sent = json!({"A": "one", "b": [1], "c": {"x": "y"}, "d": 1, "e": null});
        assert_eq!(value(&schema, &sent, "", false).expect("valid"), json!({"a": "One", "b": [1], "c": {"x": "y"}}));
        let kept = value(&schema, &sent, "", true).expect("valid");
        assert_eq!(kept["d"], 1);
    }

    #[test]
    fn names_what_does_not_match() {
        let schema = json!({"a!": {"b": ["boolean"]}, "t": {"$type": {"X": {"y!": "string"}}}});
        for (sent, expected) in [
            (json!({}), "Required property 'a' not found in JSON. Path 'properties'."),
            (json!({"a": null}), "Required property 'a'"),
            (json!({"a": []}), "Path 'properties.a': expected an object"),
            (json!({"a": {"b": [true, 1]}}), "Path 'properties.a.b[1]': expected a boolean"),
            (json!({"a": {}, "t": {}}), "Required property 'type' not found in JSON. Path 'properties.t'."),
            (json!({"a": {}, "t": {"type": "Z"}}), "The supported values are 'X'."),
            (json!({"a": {}, "t": {"type": "x"}}), "Required property 'y'"),
        ] {
            let message = message(&schema, &sent);
            assert!(message.contains(expected), "{message}");
        }
    }

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
                        ["any", "string", "boolean", "integer"].contains(&name.as_str()) || name.starts_with('=')
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
        for (section, rows) in SCHEMAS.as_object().expect("an object") {
            for (_, row) in rows.as_object().expect("an object") {
                match section.as_str() {
                    "dataConnectors" | "alertRules" | "dataConnectorDefinitions" => check(&row["properties"]),
                    _ => check(row),
                }
            }
        }
    }
}
