//! The state file: its resources and their attributes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// The content of a state file. A missing file is an empty state.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct State {
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    outputs: serde_json::Map<String, Value>,
}

impl State {
    /// Reads a state file.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a state", path.display()))
    }

    /// The addresses of all managed resource instances, sorted.
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self
            .resources
            .iter()
            .filter(|resource| resource.mode == "managed")
            .flat_map(|resource| resource.instances.iter().map(|instance| resource.address(instance)))
            .collect();
        addresses.sort();
        addresses
    }

    /// The attributes of the instance at `address`. The address of a data source starts with `data.`.
    pub fn attributes(&self, address: &str) -> Option<&Value> {
        Some(&self.instance(address)?.attributes)
    }

    /// The identity of the instance at `address`. Only versions that support identities save it.
    pub fn identity(&self, address: &str) -> Option<&Value> {
        self.instance(address)?.identity.as_ref()
    }

    /// Whether the instance is tainted, so that the next plan replaces it.
    pub fn is_tainted(&self, address: &str) -> bool {
        self.instance(address).is_some_and(|instance| instance.status.as_deref() == Some("tainted"))
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.outputs.get(name)?.get("value")
    }

    fn instance(&self, address: &str) -> Option<&Instance> {
        self.resources
            .iter()
            .flat_map(|resource| resource.instances.iter().map(move |instance| (resource, instance)))
            .find(|(resource, instance)| resource.address(instance) == address)
            .map(|(_, instance)| instance)
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Resource {
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

impl Resource {
    fn address(&self, instance: &Instance) -> String {
        let module = self.module.as_ref().map(|module| format!("{module}.")).unwrap_or_default();
        let data = if self.mode == "data" { "data." } else { "" };
        let key = instance.index_key.as_ref().map(|key| format!("[{key}]")).unwrap_or_default();
        format!("{module}{data}{}.{}{key}", self.kind, self.name)
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Instance {
    index_key: Option<Value>,
    status: Option<String>,
    #[serde(default)]
    attributes: Value,
    identity: Option<Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state() -> State {
        let state = json!({ "resources": [
            { "mode": "data", "type": "t", "name": "n", "instances": [{ "attributes": {} }] },
            { "mode": "managed", "type": "t", "name": "n", "instances": [
                { "index_key": "b", "attributes": { "id": "2" }, "status": "tainted" },
                { "index_key": "a", "attributes": { "id": "1" } },
            ] },
            { "module": "module.m", "mode": "managed", "type": "t", "name": "n", "instances": [{ "attributes": {} }] },
        ] });
        serde_json::from_value(state).expect("it is a state")
    }

    #[test]
    fn instance_addresses_match_terraform() {
        assert_eq!(state().addresses(), ["module.m.t.n", r#"t.n["a"]"#, r#"t.n["b"]"#]);
    }

    #[test]
    fn finds_an_instance_by_its_address() {
        assert_eq!(state().attributes(r#"t.n["a"]"#), Some(&json!({ "id": "1" })));
        assert!(state().is_tainted(r#"t.n["b"]"#));
    }

    #[test]
    fn missing_file_is_an_empty_state() {
        let state = State::read(Path::new("/there/is/no/such.tfstate")).expect("nothing to read");
        assert_eq!(state.addresses(), Vec::<String>::new());
    }
}
