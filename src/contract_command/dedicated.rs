//! Interprets a data connector of a kind that no known product uses. Its whole content belongs to the connection.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::data_types::DataTypes;
use super::mask;
use super::outcome::Interpretation;
use super::snapshot::Connector;
use crate::tenant_connector::contract::is_word;
use crate::tenant_connector::contract_arguments::ContractArguments;

/// Interprets a new or changed connector. `before` is `None` if the connector is new.
pub(super) fn interpret(before: Option<&Connector>, after: &Connector) -> Interpretation {
    let kind = &after.kind;
    if !is_word(kind) {
        return Interpretation::Inexpressible(format!("The kind \"{kind}\" must contain only letters and digits."));
    }
    let data_types = match DataTypes::of(after) {
        Ok(data_types) => data_types,
        Err(problem) => return Interpretation::Inexpressible(problem),
    };
    let mut notes = Vec::new();
    if let Some(before) = before {
        // A data type with an unreadable state counts as not enabled.
        let earlier = DataTypes::of(before).unwrap_or_default();
        notes.extend(
            earlier.enabled.difference(&data_types.enabled).map(|name| format!("`dataTypes.{name}` was disabled.")),
        );
        if data_types.enabled.is_subset(&earlier.enabled) {
            let text = format!("The data connector of kind \"{kind}\" changed, and nothing was enabled.");
            return Interpretation::NothingEnabled([text].into_iter().chain(notes).collect::<Vec<_>>().join(" "));
        }
        notes.extend(
            earlier
                .enabled
                .intersection(&data_types.enabled)
                .map(|name| format!("`dataTypes.{name}` was already on before.")),
        );
    }
    if data_types.enabled.is_empty() && !data_types.disabled.is_empty() {
        return Interpretation::NothingEnabled(format!(
            "The data types of the connector of kind \"{kind}\" are disabled."
        ));
    }
    let mut properties = after.properties();
    properties.shift_remove("dataTypes");
    if properties.shift_remove("tenantId").is_none() {
        notes.push("The connector has no `tenantId`. The provider sends one in addition.".to_owned());
    }
    let mut generated = Vec::new();
    remove_generated(&mut Vec::new(), &mut properties, &mut generated);
    if !generated.is_empty() {
        notes.push(format!(
            "Not in the contract, because Azure seems to generate them: {}. If a connection fails without them, add them to \
             `properties`.",
            generated.join(", ")
        ));
    }
    if mask::has_secrets(&Value::Object(properties.clone())) {
        return Interpretation::Inexpressible(format!(
            "The properties of the connector of kind \"{kind}\" contain a secret, which must not be in a configuration."
        ));
    }
    let arguments = ContractArguments {
        kind: Some(kind.clone()),
        api_version: Some(after.api_version.to_owned()),
        data_types: Some(data_types.enabled),
        properties: Some(properties).filter(|properties| !properties.is_empty()),
        provider: None,
    };
    Interpretation::Contract(arguments, notes)
}

/// Removes null values, and values that look like an ID, an email address or a time, because they would be wrong in
/// another tenant. Removes an array as a whole, because its elements may depend on each other.
fn remove_generated(path: &mut Vec<String>, fields: &mut Map<String, Value>, removed: &mut Vec<String>) {
    for (name, mut value) in std::mem::take(fields) {
        path.push(name.clone());
        let is_generated = is_generated_text(&name) || (!value.is_object() && contains_generated(&value));
        if is_generated {
            removed.push(format!("`{}`", path.join(".")));
        } else if !value.is_null() {
            if let Value::Object(fields) = &mut value {
                remove_generated(path, fields, removed);
            }
            fields.insert(name, value);
        }
        path.pop();
    }
}

/// Whether a string or a member name in the value looks generated.
fn contains_generated(value: &Value) -> bool {
    match value {
        Value::String(text) => is_generated_text(text),
        Value::Array(elements) => elements.iter().any(contains_generated),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| is_generated_text(name) || contains_generated(value))
        }
        _ => false,
    }
}

fn is_generated_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_time = bytes.len() >= 19 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T' && bytes[13] == b':';
    is_time || Uuid::try_parse(text).is_ok() || mask::has_ids(text)
}
