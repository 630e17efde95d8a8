//! A rule that creates incidents from Defender for Cloud alerts and has every setting, as another program has made it.

use serde_json::{Value, json};

use super::Scene;

/// The name in its ID.
pub(crate) const RULE: &str = "d90b7e4c-1f63-4a28-95be-7c0a2d8f6e15";

/// The ARM id in this workspace.
pub(crate) fn rule_id(scene: &Scene, workspace: &str) -> String {
    format!("{}/providers/Microsoft.SecurityInsights/alertRules/{RULE}", scene.azure.workspace(workspace))
}

/// Puts the rule into this workspace, turned on.
pub(crate) fn put_rule(scene: &Scene, workspace: &str) {
    let document = json!({
        "kind": "MicrosoftSecurityIncidentCreation", "etag": "\"1\"", "properties": rule_properties(true),
    });
    scene.azure.put(&rule_id(scene, workspace), &document);
}

/// The variable `incident_creation_rules` of the examples for the rule.
pub(crate) fn rule_variable() -> String {
    let properties = rule_properties(true);
    json!({RULE: {
        "display_name": properties["displayName"], "description": properties["description"],
        "severity_filter": properties["severitiesFilter"], "display_name_filter": properties["displayNamesFilter"],
        "display_name_exclude_filter": properties["displayNamesExcludeFilter"],
    }})
    .to_string()
}

/// Fails unless the rule has all its settings and is on or off.
#[track_caller]
pub(crate) fn assert_rule_is(scene: &Scene, workspace: &str, enabled: bool) {
    let document = scene.azure.document(&rule_id(scene, workspace)).expect("the rule exists");
    for (name, value) in rule_properties(enabled).as_object().expect("an object") {
        assert_eq!(&document["properties"][name], value, "{name}");
    }
}

/// Azure's properties. The filters let through the alerts that the scenarios raise.
pub(crate) fn rule_properties(enabled: bool) -> Value {
    json!({
        "displayName": "Cloud", "description": "For the night shift", "productFilter": "Azure Security Center",
        "severitiesFilter": ["High", "Informational", "Medium"], "displayNamesFilter": ["Suspicious"],
        "displayNamesExcludeFilter": ["Sample alert"], "enabled": enabled,
    })
}
