//! A plan as `show -json` prints it: what would be done to each resource, and why.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// The parts of the CLIs' plan format that tests use.
#[derive(Clone, Debug, Deserialize)]
pub struct Plan {
    #[serde(default)]
    resource_changes: Vec<ResourceChange>,
    #[serde(default)]
    resource_drift: Vec<ResourceChange>,
}

impl Plan {
    /// Reads the output of `show -json FILE`.
    pub fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).context("the plan is not in the format of `show -json`")
    }

    /// What happens to each resource, by address. Reads and unchanged resources are left out.
    pub fn actions(&self) -> BTreeMap<&str, Action> {
        self.resource_changes.iter().filter_map(|change| Some((change.address.as_str(), change.action()?))).collect()
    }

    /// How each resource changed outside Terraform, by address.
    pub fn drift(&self) -> BTreeMap<&str, Action> {
        self.resource_drift.iter().filter_map(|change| Some((change.address.as_str(), change.action()?))).collect()
    }

    /// The change planned for `address`.
    pub fn change(&self, address: &str) -> Option<&Change> {
        Some(&self.resource_changes.iter().find(|change| change.address == address)?.change)
    }
}

/// What a plan does with a resource.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Action {
    /// Create it.
    Create,
    /// Update it in place.
    Update,
    /// Destroy it and create it again.
    Replace,
    /// Destroy it.
    Delete,
    /// Import it without a change.
    Import,
}

/// A planned change.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    actions: Vec<String>,
    /// The object before; null if there is none.
    #[serde(default)]
    pub before: Value,
    /// The known part of the object after; null if it is destroyed.
    #[serde(default)]
    pub after: Value,
    /// `true` at each place that is known only after apply.
    #[serde(default)]
    pub after_unknown: Value,
    /// Paths of the attributes that force a replacement.
    #[serde(default)]
    pub replace_paths: Vec<Vec<Value>>,
    importing: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
struct ResourceChange {
    address: String,
    change: Change,
}

impl ResourceChange {
    fn action(&self) -> Option<Action> {
        let actions: Vec<&str> = self.change.actions.iter().map(String::as_str).collect();
        match actions[..] {
            ["create"] => Some(Action::Create),
            ["update"] => Some(Action::Update),
            ["delete"] => Some(Action::Delete),
            ["delete", "create"] | ["create", "delete"] => Some(Action::Replace),
            ["no-op"] if self.change.importing.is_some() => Some(Action::Import),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan_with(actions: &[&str], importing: bool) -> Plan {
        let mut change = json!({ "actions": actions });
        if importing {
            change["importing"] = json!({ "id": "x" });
        }
        let plan = json!({ "resource_changes": [{ "address": "a.b", "change": change }] });
        Plan::parse(&plan.to_string()).expect("it is a plan")
    }

    #[test]
    fn delete_create_and_create_delete_are_both_a_replacement() {
        for order in [["delete", "create"], ["create", "delete"]] {
            assert_eq!(plan_with(&order, false).actions(), BTreeMap::from([("a.b", Action::Replace)]));
        }
    }

    #[test]
    fn import_without_a_change_is_an_action() {
        assert_eq!(plan_with(&["no-op"], true).actions(), BTreeMap::from([("a.b", Action::Import)]));
    }

    #[test]
    fn no_op_is_not_an_action() {
        assert_eq!(plan_with(&["no-op"], false).actions(), BTreeMap::new());
    }
}
