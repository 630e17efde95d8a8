//! Checks the properties of a data connector against the schema of its kind, and normalizes their casing.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::kinds::{self, ConnectorKind, Field, FieldType, Properties};
use crate::arm::{ArmError, Context};

/// The properties to store.
///
/// # Errors
/// 400 for missing or malformed properties.
pub(super) fn properties(
    context: &Context<'_>,
    kind: &ConnectorKind,
    sent: Option<&Value>,
) -> Result<Map<String, Value>, ArmError> {
    let sent = match sent {
        Some(Value::Object(sent)) => sent,
        None | Some(Value::Null) => return Err(ArmError::missing_property("properties", "")),
        Some(_) => return Err(malformed("properties", "an object")),
    };
    let require = |name: &str| match sent.get(name) {
        None | Some(Value::Null) => Err(ArmError::missing_property(name, "properties")),
        Some(_) => Ok(()),
    };
    let fields = match kind.properties {
        Properties::Open(required) => {
            required.iter().try_for_each(|name| require(name))?;
            return Ok(sent.clone());
        }
        Properties::Fields(fields) => fields,
    };
    fields.iter().filter(|field| field.required).try_for_each(|field| require(field.name))?;
    let keep_unknown = context.world.settings.behaviors.keep_unknown_properties;
    let mut kept = Map::new();
    for (name, value) in sent {
        match fields.iter().find(|field| field.name == name) {
            Some(_) if value.is_null() => {}
            Some(field) => {
                if let Some(value) = field_value(context, field, value, keep_unknown)? {
                    kept.insert(name.clone(), value);
                }
            }
            None if keep_unknown => {
                kept.insert(name.clone(), value.clone());
            }
            None => {}
        }
    }
    Ok(kept)
}

/// The value to store; none if the api-version does not have the property.
fn field_value(
    context: &Context<'_>,
    field: &Field,
    value: &Value,
    keep_unknown: bool,
) -> Result<Option<Value>, ArmError> {
    let path = format!("properties.{}", field.name);
    match field.field_type {
        FieldType::Text => value.as_str().map(|text| Some(json!(text))).ok_or_else(|| malformed(&path, "a string")),
        FieldType::Subscription => guid(value, &path).map(|id| Some(json!(id))),
        FieldType::Tenant => tenant(context, value, &path).map(Some),
        FieldType::DataTypes(known) => data_types(known, value, keep_unknown).map(Some),
        FieldType::FilteredProviders if kinds::has_filtered_providers(context.api_version) => {
            filtered_providers(value).map(Some)
        }
        FieldType::FilteredProviders => Ok(None),
    }
}

/// The tenant, which must be that of the workspace's subscription.
fn tenant(context: &Context<'_>, value: &Value, path: &str) -> Result<Value, ArmError> {
    let wanted = guid(value, path)?;
    let subscription = context.target.subscription.as_deref().unwrap_or_default();
    let document = context.world.documents.get(&format!("/subscriptions/{subscription}"));
    let home = document.and_then(|document| document["tenantId"].as_str()).unwrap_or_default();
    if home.eq_ignore_ascii_case(wanted) {
        return Ok(json!(wanted));
    }
    Err(ArmError::bad_request(format!(
        "The tenant '{wanted}' is not the tenant of the workspace. A data connector can only be connected to the \
         workspace's own tenant '{home}'."
    )))
}

fn data_types(known: &[(&str, bool)], value: &Value, keep_unknown: bool) -> Result<Value, ArmError> {
    let Value::Object(sent) = value else { return Err(malformed("properties.dataTypes", "an object")) };
    for (name, _) in known.iter().filter(|(_, required)| *required) {
        if sent.get(*name).is_none_or(Value::is_null) {
            return Err(ArmError::missing_property(name, "properties.dataTypes"));
        }
    }
    let mut kept = Map::new();
    for (name, data_type) in sent {
        let path = format!("properties.dataTypes.{name}");
        let is_known = known.iter().any(|(known, _)| known == name);
        if data_type.is_null() || !(is_known || keep_unknown) {
            continue;
        }
        let mut data_type = data_type.clone();
        // Each hunting table has a state, one level below.
        if name == "advancedHunting" || !is_known {
            kept.insert(name.clone(), data_type);
            continue;
        }
        if !data_type.is_object() {
            return Err(malformed(&path, "an object"));
        }
        if data_type["state"].is_null() {
            return Err(ArmError::missing_property("state", &path));
        }
        data_type["state"] = json!(state(&data_type["state"], &path)?);
        kept.insert(name.clone(), data_type);
    }
    Ok(Value::Object(kept))
}

/// A state in any casing is accepted, as in Azure, and stored in the documented one.
fn state(value: &Value, path: &str) -> Result<&'static str, ArmError> {
    match value.as_str().map(str::to_lowercase).as_deref() {
        Some("enabled") => Ok("Enabled"),
        Some("disabled") => Ok("Disabled"),
        _ => Err(ArmError::bad_request(format!(
            "Error converting value {value} to type 'DataTypeState'. Path '{path}.state'. The supported values are \
             'Enabled, Disabled'."
        ))),
    }
}

fn filtered_providers(value: &Value) -> Result<Value, ArmError> {
    let path = "properties.filteredProviders";
    let Value::Object(sent) = value else { return Err(malformed(path, "an object")) };
    match sent.get("alerts") {
        None | Some(Value::Null) => Err(ArmError::missing_property("alerts", path)),
        Some(Value::Array(providers)) if providers.iter().all(Value::is_string) => Ok(json!({"alerts": providers})),
        Some(_) => Err(malformed("properties.filteredProviders.alerts", "an array of strings")),
    }
}

fn guid<'a>(value: &'a Value, path: &str) -> Result<&'a str, ArmError> {
    value.as_str().filter(|text| Uuid::try_parse(text).is_ok()).ok_or_else(|| malformed(path, "a GUID"))
}

fn malformed(path: &str, expected: &str) -> ArmError {
    ArmError::bad_request(format!("Error converting value. Path '{path}': expected {expected}."))
}
