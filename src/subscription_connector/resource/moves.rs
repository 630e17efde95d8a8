//! Moves: converts states of azurerm and azapi for `moved` blocks.

use serde_json::{Value, json};

use crate::azure::resource_id::ResourceId;
use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::moved_state::{self, azapi_body, azurerm_object, object_in, text, timeouts};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind;

use super::attributes::{ADOPT_EXISTING, BIDIRECTIONAL_SYNC_ENABLED, ID, NAME, SUBSCRIPTION_ID, WORKSPACE_ID};

pub(super) fn moves() -> Vec<StateMove> {
    moved_state::moves("azurerm_sentinel_data_connector_azure_security_center", from_azurerm, from_azapi)
}

fn from_azurerm(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = azurerm_object(state, &kind::full_type(), "log_analytics_workspace_id") else {
        return Ok(None);
    };
    Ok(Some(moved(state, &workspace, &id, text(state, "subscription_id"))))
}

/// Converts a state of azapi. Returns `None` for a connector of another kind.
fn from_azapi(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = object_in(state, &kind::full_type()) else { return Ok(None) };
    let body = azapi_body(state);
    if !body["kind"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(kind::AZURE_SECURITY_CENTER)) {
        return Ok(None);
    }
    Ok(Some(moved(state, &workspace, &id, body["properties"]["subscriptionId"].as_str())))
}

fn moved(state: &Value, workspace: &WorkspaceId, id: &ResourceId, subscription: Option<&str>) -> Value {
    json!({
        WORKSPACE_ID.name(): workspace.to_string(),
        SUBSCRIPTION_ID.name(): subscription.unwrap_or_else(|| workspace.subscription()),
        NAME.name(): id.name(),
        BIDIRECTIONAL_SYNC_ENABLED.name(): null,
        ADOPT_EXISTING.name(): false,
        ID.name(): workspace.sentinel_resource(kind::RESOURCE_TYPE, id.name()).to_string(),
        "timeouts": timeouts(state),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";
    const CONNECTOR: &str = "providers/Microsoft.SecurityInsights/dataConnectors/c1";
    const SUBSCRIPTION: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";

    fn convert(convert: fn(&MoveSource) -> Result<Option<Value>, Diagnostics>, state: Value) -> Option<Value> {
        convert(&MoveSource { schema_version: 0, state }).expect("no error")
    }

    fn expected() -> Option<Value> {
        Some(json!({
            "workspace_id": SOC, "subscription_id": SUBSCRIPTION, "name": "c1", "bidirectional_sync_enabled": null,
            "adopt_existing": false, "id": format!("{SOC}/{CONNECTOR}"), "timeouts": null,
        }))
    }

    #[test]
    fn converts_a_state_of_azurerm() {
        let state = json!({
            "id": format!("{SOC}/{CONNECTOR}"), "log_analytics_workspace_id": SOC, "name": "c1",
            "subscription_id": SUBSCRIPTION, "timeouts": null,
        });

        assert_eq!(convert(from_azurerm, state), expected());
    }

    #[test]
    fn converts_a_state_of_azapi_of_the_same_kind() {
        let state = |kind: &str| {
            let body = json!({"kind": kind, "properties": {"subscriptionId": SUBSCRIPTION}});
            json!({"id": format!("{SOC}/{CONNECTOR}"), "name": "c1", "body": body.to_string()})
        };

        assert_eq!(convert(from_azapi, state("AzureSecurityCenter")), expected());
        assert_eq!(convert(from_azapi, state("MicrosoftThreatProtection")), None);
    }
}
