//! Moves: converts states of azurerm and azapi for `moved` blocks.

use serde_json::{Value, json};

use crate::azure::resource_id::ResourceId;
use crate::defender_xdr::TENANT_ID;
use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::moved_state::{self, azapi_body, azurerm_object, object_in, text, timeouts};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::{Document, kind};
use crate::xdr_connector::settings::Settings;

use super::attributes::{
    ADOPT_EXISTING, ADVANCED_HUNTING_TABLES, ALERT_PROVIDERS, ID, INCIDENTS_ENABLED, NAME, WORKSPACE_ID,
};

pub(super) fn moves() -> Vec<StateMove> {
    moved_state::moves("azurerm_sentinel_data_connector_microsoft_threat_protection", from_azurerm, from_azapi)
}

/// Converts a state of azurerm, which manages only incidents.
fn from_azurerm(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = azurerm_object(state, &kind::full_type(), "log_analytics_workspace_id") else {
        return Ok(None);
    };
    let settings = Settings { incidents: true, ..Settings::default() };
    Ok(Some(moved(state, &workspace, &id, text(state, "tenant_id"), &settings)))
}

/// Converts a state of azapi. Returns `None` for a connector of another kind.
fn from_azapi(source: &MoveSource) -> Result<Option<Value>, Diagnostics> {
    let state = &source.state;
    let Some((workspace, id)) = object_in(state, &kind::full_type()) else { return Ok(None) };
    let body = azapi_body(state);
    let document = Document::new(id.name(), body["kind"].as_str().unwrap_or_default(), body["properties"].clone());
    if !document.is_kind(kind::MICROSOFT_THREAT_PROTECTION) {
        return Ok(None);
    }
    // The resource manages the settings that the body contains, like azapi did.
    let on = Settings::in_document(&document);
    let names = |path: &[&str]| document.get(path).is_some();
    let settings = Settings {
        alert_providers: on.alert_providers.filter(|_| names(&["properties", "filteredProviders", "alerts"])),
        hunting_tables: on.hunting_tables.filter(|_| names(&["properties", "dataTypes", "advancedHunting"])),
        ..on
    };
    let tenant = document.get(&["properties", "tenantId"]).and_then(Value::as_str);
    Ok(Some(moved(state, &workspace, &id, tenant, &settings)))
}

fn moved(state: &Value, workspace: &WorkspaceId, id: &ResourceId, tenant: Option<&str>, settings: &Settings) -> Value {
    json!({
        WORKSPACE_ID.name(): workspace.to_string(),
        TENANT_ID.name(): tenant,
        INCIDENTS_ENABLED.name(): settings.incidents,
        ALERT_PROVIDERS.name(): settings.alert_providers,
        ADVANCED_HUNTING_TABLES.name(): settings.hunting_tables,
        ADOPT_EXISTING.name(): false,
        ID.name(): workspace.sentinel_resource(kind::RESOURCE_TYPE, id.name()).to_string(),
        NAME.name(): id.name(),
        "timeouts": timeouts(state),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";
    const CONNECTOR: &str = "providers/Microsoft.SecurityInsights/dataConnectors/c1";
    const TENANT: &str = "22222222-2222-4222-8222-222222222222";

    fn convert(convert: fn(&MoveSource) -> Result<Option<Value>, Diagnostics>, state: Value) -> Option<Value> {
        convert(&MoveSource { schema_version: 0, state }).expect("no error")
    }

    fn expected(providers: &Value) -> Option<Value> {
        Some(json!({
            "workspace_id": SOC, "tenant_id": TENANT, "incidents_enabled": true, "alert_providers": providers,
            "advanced_hunting_tables": null, "adopt_existing": false, "id": format!("{SOC}/{CONNECTOR}"), "name": "c1",
            "timeouts": null,
        }))
    }

    #[test]
    fn converts_a_state_of_azurerm() {
        let state = json!({
            "id": format!("{SOC}/{CONNECTOR}"), "log_analytics_workspace_id": SOC, "name": "c1", "tenant_id": TENANT,
            "timeouts": null,
        });

        assert_eq!(convert(from_azurerm, state), expected(&Value::Null));
    }

    #[test]
    fn converts_a_state_of_azapi_of_the_same_kind() {
        let state = |kind: &str, filter: &[&str]| {
            let mut body = json!({"kind": kind, "properties": {
                "tenantId": TENANT,
                "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            }});
            if !filter.is_empty() {
                body["properties"]["filteredProviders"] = json!({ "alerts": filter });
            }
            json!({"id": format!("{SOC}/{CONNECTOR}"), "name": "c1", "body": body.to_string()})
        };
        let kind = kind::MICROSOFT_THREAT_PROTECTION;

        assert_eq!(convert(from_azapi, state(kind, &[])), expected(&Value::Null));
        let filter = ["microsoftDefenderForIdentity", "microsoftDefenderForCloud"];
        assert_eq!(convert(from_azapi, state(kind, &filter)), expected(&json!(["microsoftDefenderForIdentity"])));
        assert_eq!(convert(from_azapi, state("AzureSecurityCenter", &[])), None);
    }
}
