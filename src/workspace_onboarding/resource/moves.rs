//! Moves: converts states of azurerm and azapi for `moved` blocks.

use serde_json::{Value, json};

use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::moved_state::{self, azapi_body, azurerm_object, object_in, timeouts};
use crate::sentinel::WorkspaceId;
use crate::workspace_onboarding::state;

use super::attributes::{ADOPT_EXISTING, CUSTOMER_MANAGED_KEY_ENABLED, DELETION_PROTECTION, ID, WORKSPACE_ID};

pub(super) fn moves() -> Vec<StateMove> {
    moved_state::moves("azurerm_sentinel_log_analytics_workspace_onboarding", from_azurerm, from_azapi)
}

/// Converts a state of azurerm. Before version 3.46, it has no `workspace_id`.
fn from_azurerm(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, _)) = azurerm_object(state, state::TYPE, "workspace_id") else { return Ok(None) };
    Ok(Some(moved(state, &workspace, state.get("customer_managed_key_enabled"))))
}

fn from_azapi(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, _)) = object_in(state, state::TYPE) else { return Ok(None) };
    Ok(Some(moved(state, &workspace, azapi_body(state).pointer("/properties/customerManagedKey"))))
}

fn moved(state: &Value, workspace: &WorkspaceId, customer_managed_key: Option<&Value>) -> Value {
    json!({
        WORKSPACE_ID.name(): workspace.to_string(),
        CUSTOMER_MANAGED_KEY_ENABLED.name(): customer_managed_key.and_then(Value::as_bool).unwrap_or_default(),
        DELETION_PROTECTION.name(): false,
        ADOPT_EXISTING.name(): false,
        ID.name(): state::id(workspace).to_string(),
        "timeouts": timeouts(state),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";
    const STATE: &str = "providers/Microsoft.SecurityInsights/onboardingStates/default";

    fn convert(convert: fn(&MoveSource) -> Result<Option<Value>, Diagnostics>, state: Value) -> Option<Value> {
        convert(&MoveSource { schema_version: 0, state }).expect("no error")
    }

    fn expected(workspace: &str, customer_managed_key: bool) -> Option<Value> {
        Some(json!({
            "workspace_id": workspace,
            "customer_managed_key_enabled": customer_managed_key,
            "deletion_protection": false,
            "adopt_existing": false,
            "id": format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default"),
            "timeouts": null,
        }))
    }

    #[test]
    fn converts_states_of_azurerm_with_and_without_a_workspace_id() {
        let id = format!("{SOC}/{STATE}");
        let new = json!({"customer_managed_key_enabled": true, "id": id, "timeouts": null, "workspace_id": SOC});
        let old = json!({
            "customer_managed_key_enabled": false, "id": id, "resource_group_name": "rg", "timeouts": null,
            "workspace_id": null, "workspace_name": "law-soc",
        });

        assert_eq!(convert(from_azurerm, new), expected(SOC, true));
        assert_eq!(convert(from_azurerm, old), expected(SOC, false));
    }

    #[test]
    fn converts_states_of_azapi_only_for_onboarding_states() {
        let lower = SOC.to_lowercase();
        let state = json!({
            "type": "Microsoft.SecurityInsights/onboardingStates@2024-03-01", "name": "default", "parent_id": lower,
            "id": format!("{lower}/{}", STATE.to_lowercase()),
            "body": {"type": ["object", {"properties": ["object", {"customerManagedKey": "bool"}]}],
                "value": {"properties": {"customerManagedKey": true}}},
        });
        let other = json!({"id": format!("{SOC}/providers/Microsoft.SecurityInsights/alertRules/r"), "body": null});

        assert_eq!(convert(from_azapi, state), expected(&lower, true));
        assert_eq!(convert(from_azapi, other), None);
    }
}
