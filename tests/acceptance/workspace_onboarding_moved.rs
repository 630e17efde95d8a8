//! `moved` blocks take over onboardings from azurerm and azapi: only the state changes.

use serde_json::{Value, json};

use crate::support::Scene;
use crate::support::moved::{assert_moves_only, moved, resource};

scenarios![
    ;
    every_cli:
    a_resource_of_azurerm,
    a_resource_of_azurerm_in_a_module_with_keys_and_lower_case_ids,
    a_resource_of_azapi,
    a_resource_of_azapi_of_another_type_is_refused,
];

const AZURERM: &str = "azurerm_sentinel_log_analytics_workspace_onboarding";
const ONBOARDING: &str = "sentinel_workspace_onboarding";
const STATE: &str = "providers/Microsoft.SecurityInsights/onboardingStates/default";

/// An instance as azurerm 4 writes it. The private state has azurerm's timeouts.
fn instance_of_azurerm(workspace: &str) -> Value {
    json!({
        "schema_version": 0,
        "attributes": {
            "customer_managed_key_enabled": false, "id": format!("{workspace}/{STATE}"), "timeouts": null,
            "workspace_id": workspace,
        },
        "sensitive_attributes": [],
        "private": "eyJlMmJmYjczMC1lY2FhLTExZTYtOGY4OC0zNDM2M2JjN2M0YzAiOnsiY3JlYXRlIjoxODAwMDAwMDAwMDAwLCJkZWxldGUiOjE4MDAwMDAwMDAwMDAsInJlYWQiOjMwMDAwMDAwMDAwMH19",
        "dependencies": ["azurerm_log_analytics_workspace.soc", "azurerm_resource_group.soc"],
    })
}

/// An instance as azapi 2 writes it.
fn instance_of_azapi(workspace: &str, azure_type: &str, name: &str, properties: &Value) -> Value {
    json!({
        "schema_version": 2,
        "attributes": {
            "body": {
                "type": ["object", {"properties": ["object", {"customerManagedKey": "bool"}]}],
                "value": {"properties": properties},
            },
            "create_headers": null, "create_query_parameters": null, "delete_headers": null,
            "delete_query_parameters": null,
            "id": format!("{workspace}/providers/{azure_type}/{name}"),
            "identity": [], "ignore_casing": false, "ignore_missing_property": true, "ignore_null_property": false,
            "location": null, "locks": null, "name": name, "output": {"type": ["object", {}], "value": {}},
            "parent_id": workspace, "read_headers": null, "read_query_parameters": null,
            "replace_triggers_external_values": null, "replace_triggers_refs": null, "response_export_values": null,
            "retry": null, "schema_validation_enabled": true, "sensitive_body": null, "sensitive_body_version": null,
            "tags": null, "timeouts": null, "type": format!("{azure_type}@2024-03-01"), "update_headers": null,
            "update_query_parameters": null,
        },
        "sensitive_attributes": [[{"type": "get_attr", "value": "sensitive_body"}]],
    })
}

/// The plan and the apply move the resource and change nothing else, in the state or in Azure.
fn moves_only(scene: &Scene, addresses: &[&str]) {
    assert_moves_only(scene);
    assert_eq!(scene.state().addresses(), addresses);
}

fn a_resource_of_azurerm(scene: Scene) {
    let scene = scene.beside_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    scene.write_state(&[resource(&scene, "hashicorp/azurerm", AZURERM, "soc", &[instance_of_azurerm(&workspace)])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"soc\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved(&format!("{AZURERM}.soc"), &format!("{ONBOARDING}.soc"))
    ));

    moves_only(&scene, &["sentinel_workspace_onboarding.soc"]);
}

fn a_resource_of_azurerm_in_a_module_with_keys_and_lower_case_ids(scene: Scene) {
    let scene = scene.beside_azurerm_and_azapi();
    let names = ["law-portal", "law-soc"];
    let workspaces = names.map(|name| scene.azure.workspace(name));
    let instance = |name: &str, workspace: &String| {
        let mut instance = instance_of_azurerm(&workspace.to_lowercase());
        instance["index_key"] = json!(name);
        instance
    };
    let instances: Vec<Value> = names.iter().zip(&workspaces).map(|(name, id)| instance(name, id)).collect();
    let mut of_azurerm = resource(&scene, "hashicorp/azurerm", AZURERM, "each", &instances);
    of_azurerm["module"] = json!("module.sentinel");
    scene.write_state(&[of_azurerm]);
    scene.file(
        "sentinel/main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    sentinel = {{\n      source = \"sentinel/sentinel\"\n    }}\n  }}\n}}\n\n\
             variable \"workspaces\" {{\n  type = map(string)\n}}\n\n\
             resource \"{ONBOARDING}\" \"each\" {{\n  for_each     = var.workspaces\n  workspace_id = each.value\n}}\n\n{}",
            moved(&format!("{AZURERM}.each"), &format!("{ONBOARDING}.each"))
        ),
    );
    scene.configure(&format!(
        "module \"sentinel\" {{\n  source     = \"./sentinel\"\n  workspaces = {{\n    law-portal = \"{}\"\n    law-soc    = \
         \"{}\"\n  }}\n}}\n",
        workspaces[0], workspaces[1]
    ));
    scene.succeed(&["get", "-no-color"]);

    let address = |name: &str| format!("module.sentinel.{ONBOARDING}.each[\"{name}\"]");
    moves_only(&scene, &[&address("law-portal"), &address("law-soc")]);
}

fn a_resource_of_azapi(scene: Scene) {
    let scene = scene.beside_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    let instance = instance_of_azapi(
        &workspace.to_lowercase(),
        "Microsoft.SecurityInsights/onboardingStates",
        "default",
        &json!({"customerManagedKey": false}),
    );
    scene.write_state(&[resource(&scene, "azure/azapi", "azapi_resource", "sentinel", &[instance])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved("azapi_resource.sentinel", &format!("{ONBOARDING}.this"))
    ));

    moves_only(&scene, &["sentinel_workspace_onboarding.this"]);
}

fn a_resource_of_azapi_of_another_type_is_refused(scene: Scene) {
    let scene = scene.beside_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    let instance = instance_of_azapi(&workspace, "Microsoft.SecurityInsights/alertRules", "r", &json!({}));
    scene.write_state(&[resource(&scene, "azure/azapi", "azapi_resource", "rule", &[instance])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved("azapi_resource.rule", &format!("{ONBOARDING}.this"))
    ));

    scene.plan_fails(&["Unable to move resource state", AZURERM]);

    scene.azure.assert_only_read();
}
