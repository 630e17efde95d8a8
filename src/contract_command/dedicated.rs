//! What a connector of a kind of its own says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::express::Reading;
use super::mask;
use super::snapshot::Connector;
use super::terms::Terms;
use crate::tenant_connector::contract::is_word;

/// Reads all of the connector: it serves nothing but the connection.
pub(super) fn read(after: &Connector) -> Reading {
    let kind = &after.kind;
    if !is_word(kind) {
        return Reading::Inexpressible(format!("The kind \"{kind}\" is not a word of letters and digits."));
    }
    let mut data_types = DataTypes::default();
    let mut properties = after.properties();
    let found = properties.shift_remove("dataTypes");
    if let Some(problem) = found.as_ref().and_then(|found| data_types.collect(&mut Vec::new(), found).err()) {
        return Reading::Inexpressible(problem);
    }
    if data_types.on.is_empty() && !data_types.off.is_empty() {
        return Reading::Other(format!("The data types of the connector of kind \"{kind}\" are off."));
    }
    let mut notes = Vec::new();
    if properties.shift_remove("tenantId").is_none() {
        notes.push("The connector has no `tenantId`. The provider sends one in addition.".to_owned());
    }
    let mut properties = Value::Object(properties);
    let mut generated = Vec::new();
    remove_generated(&mut Vec::new(), &mut properties, &mut generated);
    if !generated.is_empty() {
        notes.push(format!(
            "Not in the contract, because Azure seems to generate them: {}. If a connection fails without them, add them to \
             `properties`.",
            generated.join(", ")
        ));
    }
    if mask::has_secrets(&properties) {
        return Reading::Inexpressible(format!(
            "The properties of the connector of kind \"{kind}\" contain a secret, which must not be in a configuration."
        ));
    }
    let terms = Terms {
        kind: Some(kind.clone()),
        api_version: Some(after.api_version.to_owned()),
        data_types: Some(data_types.on),
        properties: properties.as_object().filter(|properties| !properties.is_empty()).cloned(),
        provider: None,
    };
    Reading::Contract(terms, notes)
}

#[derive(Default)]
struct DataTypes {
    on: BTreeSet<String>,
    off: BTreeSet<String>,
}

impl DataTypes {
    /// A data type has a state, or is made of data types.
    fn collect(&mut self, path: &mut Vec<String>, value: &Value) -> Result<(), String> {
        let place = || format!("dataTypes.{}", path.join("."));
        let Some(fields) = value.as_object() else {
            return if value.is_null() { Ok(()) } else { Err(format!("`{}` is not an object.", place())) };
        };
        if let Some(state) = fields.get("state").and_then(Value::as_str) {
            if fields.len() > 1 {
                return Err(format!("`{}` has more members than its state.", place()));
            }
            let name = path.join(".");
            let states = match state.to_ascii_lowercase().as_str() {
                "enabled" => &mut self.on,
                "disabled" => &mut self.off,
                _ => return Err(format!("`{}` has a state other than Enabled and Disabled.", place())),
            };
            states.insert(name);
            return Ok(());
        }
        for (name, value) in fields {
            if !is_word(name) {
                return Err(format!("The data type \"{name}\" is not a word of letters and digits."));
            }
            path.push(name.clone());
            self.collect(path, value)?;
            path.pop();
        }
        Ok(())
    }
}

/// Removes what is null, and what looks like an ID, a person or a time: it would be wrong in another tenant.
fn remove_generated(path: &mut Vec<String>, value: &mut Value, removed: &mut Vec<String>) {
    let Value::Object(fields) = value else { return };
    let mut kept = Map::new();
    for (name, mut value) in std::mem::take(fields) {
        path.push(name.clone());
        if is_generated(&value) {
            removed.push(format!("`{}`", path.join(".")));
        } else if !value.is_null() {
            remove_generated(path, &mut value, removed);
            kept.insert(name, value);
        }
        path.pop();
    }
    *fields = kept;
}

fn is_generated(value: &Value) -> bool {
    let is_time = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() >= 19 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T' && bytes[13] == b':'
    };
    match value {
        Value::String(text) => Uuid::try_parse(text).is_ok() || is_time(text) || mask::has_ids(text),
        Value::Array(elements) => elements.iter().any(is_generated),
        _ => false,
    }
}
