//! `examples/complete`, with an incident creation rule that it disables.

use serde_json::{Map, Value, json};

/// A workspace that is not onboarded.
pub(super) const WORKSPACE: &str = "law-fresh";

/// The number of resources of the example with one rule.
pub(super) const RESOURCES: usize = 5;

/// The number of reads in a plan: one for each resource, and two that the resources of a workspace share.
pub(super) const READS: f64 = 7.0;

/// The name of the rule.
const RULE: &str = "00000000-0000-4000-8000-000000000001";

const EXAMPLE: &str = include_str!("../../../examples/complete/main.tf");

/// Adds the rule to the workspace, as after an earlier onboarding.
pub(super) fn add_to(world: &mut Map<String, Value>) {
    let workspace = format!("/workspaces/{WORKSPACE}");
    let found = world.iter().find(|(id, _)| id.ends_with(&workspace)).and_then(|(_, document)| document["id"].as_str());
    let id = found.expect("invariant: the default world has this workspace").to_owned();
    let id = format!("{id}/providers/Microsoft.SecurityInsights/alertRules/{RULE}");
    let document = json!({
        "id": id, "name": RULE, "type": "Microsoft.SecurityInsights/alertRules", "etag": "\"1\"",
        "kind": "MicrosoftSecurityIncidentCreation",
        "properties": {"displayName": "Bench", "productFilter": "Azure Security Center", "enabled": true},
    });
    world.insert(id.to_lowercase(), document);
}

/// The example, with its variables as defaults.
pub(super) fn configuration(workspace_id: &str) -> String {
    let rules = format!("default = {{ \"{RULE}\" = {{ display_name = \"Bench\" }} }}");
    let workspace = format!("variable \"workspace_id\" {{\n  default     = \"{workspace_id}\"\n");
    EXAMPLE.replace("variable \"workspace_id\" {\n", &workspace).replace("default = {}", &rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_example_declares_both_variables() {
        let text = configuration("/subscriptions/s");

        assert!(text.contains("default     = \"/subscriptions/s\""), "{text}");
        assert!(text.contains(&format!("{{ \"{RULE}\" = {{ display_name = \"Bench\" }} }}")), "{text}");
        assert_eq!(text.matches("\nresource \"").count(), RESOURCES);
    }
}
