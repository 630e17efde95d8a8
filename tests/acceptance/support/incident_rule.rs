//! An incident creation rule for Defender for Cloud alerts with every setting, created outside of Terraform.

use serde_json::{Value, json};

use super::Scene;

/// The name of the rule.
pub(crate) const RULE: &str = "d90b7e4c-1f63-4a28-95be-7c0a2d8f6e15";

/// The ARM ID of the rule in this workspace.
pub(crate) fn rule_id(scene: &Scene, workspace: &str) -> String {
    format!("{}/providers/Microsoft.SecurityInsights/alertRules/{RULE}", scene.azure.workspace(workspace))
}

/// Creates the rule in this workspace, enabled.
pub(crate) fn put_rule(scene: &Scene, workspace: &str) {
    let document = json!({
        "kind": "MicrosoftSecurityIncidentCreation", "etag": "\"1\"", "properties": rule_properties(true),
    });
    scene.azure.put(&rule_id(scene, workspace), &document);
}

/// The value of the examples' variable `incident_creation_rules` for the rule.
pub(crate) fn rule_variable() -> String {
    let properties = rule_properties(true);
    json!({RULE: {
        "display_name": properties["displayName"], "description": properties["description"],
        "severity_filter": properties["severitiesFilter"], "display_name_filter": properties["displayNamesFilter"],
        "display_name_exclude_filter": properties["displayNamesExcludeFilter"],
    }})
    .to_string()
}

/// Asserts that the rule has all its settings, and is enabled or disabled.
#[track_caller]
pub(crate) fn assert_rule_is(scene: &Scene, workspace: &str, enabled: bool) {
    let document = scene.azure.document(&rule_id(scene, workspace)).expect("the rule exists");
    for (name, value) in rule_properties(enabled).as_object().expect("an object") {
        assert_eq!(&document["properties"][name], value, "{name}");
    }
}

/// The properties of the rule in Azure. Its filters match the alerts that the scenarios raise.
pub(crate) fn rule_properties(enabled: bool) -> Value {
    json!({
        "displayName": "Cloud", "description": "For the night shift", "productFilter": "Azure Security Center",
        "severitiesFilter": ["High", "Informational", "Medium"], "displayNamesFilter": ["Suspicious"],
        "displayNamesExcludeFilter": ["Sample alert"], "enabled": enabled,
    })
}
