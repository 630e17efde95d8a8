//! A plan in the format of `show -json`: the actions for each resource and their causes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// The parts of a plan that the tests use.
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

    /// The action for each resource, by address. Without reads and unchanged resources.
    pub fn actions(&self) -> BTreeMap<&str, Action> {
        self.resource_changes.iter().filter_map(|change| Some((change.address.as_str(), change.action()?))).collect()
    }

    /// The change of each resource outside of Terraform, by address.
    pub fn drift(&self) -> BTreeMap<&str, Action> {
        self.resource_drift.iter().filter_map(|change| Some((change.address.as_str(), change.action()?))).collect()
    }

    /// The change planned for `address`.
    pub fn change(&self, address: &str) -> Option<&Change> {
        Some(&self.resource_changes.iter().find(|change| change.address == address)?.change)
    }
}

/// The action of a plan for a resource.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Action {
    /// Create the resource.
    Create,
    /// Update the resource in place.
    Update,
    /// Destroy the resource and create it again.
    Replace,
    /// Destroy the resource.
    Delete,
    /// Import the resource without a change.
    Import,
}

/// A planned change.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    actions: Vec<String>,
    /// The object before the change. Null if it does not exist.
    #[serde(default)]
    pub before: Value,
    /// The known part of the object after the change. Null if it is destroyed.
    #[serde(default)]
    pub after: Value,
    /// The object after the change, with `true` for each unknown value.
    #[serde(default)]
    pub after_unknown: Value,
    /// The paths of the attributes that force a replacement.
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
