//! Moves: converts states of azurerm and azapi for `moved` blocks.

use serde_json::{Value, json};

use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::incident_rule::api;
use crate::incident_rule::rule::{KIND, Rule};
use crate::moved_state::{self, azapi_body, azurerm_object, object_in, timeouts};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ADOPT_EXISTING, ALERT_RULE_TEMPLATE_GUID, DESCRIPTION, DISPLAY_NAME, DISPLAY_NAME_EXCLUDE_FILTER,
    DISPLAY_NAME_FILTER, ENABLED, ID, NAME, PRODUCT_FILTER, SEVERITY_FILTER, WORKSPACE_ID,
};

pub(super) fn moves() -> Vec<StateMove> {
    moved_state::moves("azurerm_sentinel_alert_rule_ms_security_incident", from_azurerm, from_azapi)
}

fn from_azurerm(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = azurerm_object(state, api::TYPE, "log_analytics_workspace_id") else { return Ok(None) };
    // The names of azurerm's attributes and of Azure's properties.
    let names = [
        ("display_name", "displayName"),
        ("product_filter", "productFilter"),
        ("severity_filter", "severitiesFilter"),
        ("display_name_filter", "displayNamesFilter"),
        ("display_name_exclude_filter", "displayNamesExcludeFilter"),
        ("description", "description"),
        ("enabled", "enabled"),
        ("alert_rule_template_guid", "alertRuleTemplateName"),
    ];
    let properties = names.map(|(attribute, property)| (property, state.get(attribute).cloned().unwrap_or_default()));
    let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let rule = Rule::from_properties(&Value::Object(properties));
    Ok(Some(moved(state, &workspace, id.name(), rule)))
}

/// Converts a state of azapi. Returns `None` for a rule of another kind.
fn from_azapi(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = object_in(state, api::TYPE) else { return Ok(None) };
    let body = azapi_body(state);
    if body["kind"].as_str().is_some_and(|kind| !kind.eq_ignore_ascii_case(KIND)) {
        return Ok(None);
    }
    Ok(Some(moved(state, &workspace, id.name(), Rule::from_properties(&body["properties"]))))
}

fn moved(state: &Value, workspace: &WorkspaceId, name: &str, rule: Rule) -> Value {
    let known = |text: String| if text.is_empty() { Value::Null } else { text.into() };
    json!({
        WORKSPACE_ID.name(): workspace.to_string(),
        NAME.name(): name,
        DISPLAY_NAME.name(): known(rule.display_name),
        PRODUCT_FILTER.name(): known(rule.product),
        SEVERITY_FILTER.name(): rule.severities,
        DISPLAY_NAME_FILTER.name(): rule.names,
        DISPLAY_NAME_EXCLUDE_FILTER.name(): rule.excluded_names,
        DESCRIPTION.name(): rule.description,
        ENABLED.name(): rule.enabled,
        ALERT_RULE_TEMPLATE_GUID.name(): rule.template,
        ADOPT_EXISTING.name(): false,
        ID.name(): api::id(workspace, name).to_string(),
        "timeouts": timeouts(state),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";
    const RULE: &str = "providers/Microsoft.SecurityInsights/alertRules/r1";

    fn convert(convert: fn(&MoveSource) -> Result<Option<Value>, Diagnostics>, state: Value) -> Option<Value> {
        convert(&MoveSource { schema_version: 0, state }).expect("no error")
    }

    fn expected(workspace: &str) -> Option<Value> {
        Some(json!({
            "workspace_id": workspace, "name": "r1", "display_name": "D", "product_filter": "Azure Security Center",
            "severity_filter": ["High", "Low"], "display_name_filter": null, "display_name_exclude_filter": null,
            "description": null, "enabled": false, "alert_rule_template_guid": null, "adopt_existing": false,
            "id": format!("{workspace}/{RULE}"), "timeouts": null,
        }))
    }

    #[test]
    fn converts_a_state_of_azurerm() {
        let state = json!({
            "alert_rule_template_guid": "", "description": "", "display_name": "D", "display_name_exclude_filter": [],
            "display_name_filter": [], "enabled": false, "id": format!("{SOC}/{RULE}"),
            "log_analytics_workspace_id": SOC, "name": "r1", "product_filter": "Azure Security Center",
            "severity_filter": ["Low", "High"], "timeouts": null,
        });

        assert_eq!(convert(from_azurerm, state), expected(SOC));
    }

    #[test]
    fn converts_a_state_of_azapi_of_the_same_kind() {
        let state = |kind: &str| {
            let body = json!({"kind": kind, "properties": {
                "displayName": "D", "productFilter": "Azure Security Center", "severitiesFilter": ["High", "Low"],
                "enabled": false,
            }});
            json!({"id": format!("{SOC}/{RULE}"), "name": "r1", "body": body.to_string()})
        };

        assert_eq!(convert(from_azapi, state(KIND)), expected(SOC));
        assert_eq!(convert(from_azapi, state("Scheduled")), None);
    }
}
