//! The enabled and disabled data types of a data connector.

use std::collections::BTreeSet;

use serde_json::Value;

use super::snapshot::Connector;
use crate::sentinel::data_connector::ALERTS;
use crate::tenant_connector::contract::is_word;

/// Data types by their paths below `dataTypes`, with dots between the names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DataTypes {
    pub(super) enabled: BTreeSet<String>,
    pub(super) disabled: BTreeSet<String>,
}

impl DataTypes {
    /// Reads all data types of a connector.
    ///
    /// # Errors
    /// The data type that no contract can express, and why.
    pub(super) fn of(connector: &Connector) -> Result<Self, String> {
        let mut data_types = Self::default();
        if let Some(found) = connector.properties().get("dataTypes") {
            data_types.collect(&mut Vec::new(), found)?;
        }
        Ok(data_types)
    }

    /// Adds the data types in one member of `dataTypes`.
    ///
    /// # Errors
    /// The data type that no contract can express, and why.
    pub(super) fn add_member(&mut self, name: &str, value: &Value) -> Result<(), String> {
        self.collect(&mut vec![name.to_owned()], value)
    }

    /// Adds the data types at and below a path. A data type has a state, or contains other data types.
    fn collect(&mut self, path: &mut Vec<String>, value: &Value) -> Result<(), String> {
        let place = || ["dataTypes"].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
        let Some(fields) = value.as_object() else {
            return if value.is_null() { Ok(()) } else { Err(format!("`{}` is not an object.", place())) };
        };
        if let Some(state) = fields.get("state").and_then(Value::as_str) {
            if fields.len() > 1 {
                return Err(format!("`{}` has more members than its state.", place()));
            }
            match state.to_ascii_lowercase().as_str() {
                "enabled" => self.enabled.insert(data_type(path)?),
                "disabled" => self.disabled.insert(path.join(".")),
                _ => return Err(format!("`{}` has a state other than Enabled and Disabled.", place())),
            };
            return Ok(());
        }
        for (name, value) in fields {
            path.push(name.clone());
            self.collect(path, value)?;
            path.pop();
        }
        Ok(())
    }
}

/// The data type at a path below `dataTypes`, as a contract names it.
///
/// # Errors
/// The reason why a contract cannot name it.
pub(super) fn data_type(path: &[String]) -> Result<String, String> {
    let name = path.join(".");
    if !path.iter().all(|step| is_word(step)) {
        return Err(format!("The data type \"{name}\" must contain only letters and digits, with dots between words."));
    }
    // Names in documents are case-sensitive, and a contract always writes `alerts` in Azure's spelling.
    if name != ALERTS && name.eq_ignore_ascii_case(ALERTS) {
        return Err(format!(
            "The data type \"{name}\" is spelled differently from \"{ALERTS}\", which a contract writes."
        ));
    }
    Ok(name)
}
