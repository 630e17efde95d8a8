//! `moved` blocks that adopt onboardings from azurerm and azapi. Only the state changes.

use serde_json::{Value, json};

use crate::support::Scene;
use crate::support::moved::{assert_moves_only, configure_module, in_module, instance_of_azapi_2, moved, resource};

scenarios![
    ;
    every_cli:
    moves_a_resource_of_azurerm,
    moves_keyed_resources_of_azurerm_in_a_module,
    moves_a_resource_of_azapi,
    rejects_a_resource_of_azapi_of_another_type,
];

const AZURERM: &str = "azurerm_sentinel_log_analytics_workspace_onboarding";
const ONBOARDING: &str = "sentinel_workspace_onboarding";
const STATE: &str = "providers/Microsoft.SecurityInsights/onboardingStates/default";

/// An instance as azurerm 4 writes it. The private state contains azurerm's timeouts.
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

/// Asserts that the plan and the apply move the resources, and change nothing else in the state or in Azure.
fn moves_only(scene: &Scene, addresses: &[&str]) {
    assert_moves_only(scene);
    assert_eq!(scene.state().addresses(), addresses);
}

fn moves_a_resource_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    scene.write_state(&[resource(&scene, "hashicorp/azurerm", AZURERM, "soc", &[instance_of_azurerm(&workspace)])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"soc\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved(&format!("{AZURERM}.soc"), &format!("{ONBOARDING}.soc"))
    ));

    moves_only(&scene, &["sentinel_workspace_onboarding.soc"]);
}

fn moves_keyed_resources_of_azurerm_in_a_module(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let names = ["law-portal", "law-soc"];
    let workspaces = names.map(|name| scene.azure.workspace(name));
    let instance = |name: &str, workspace: &String| {
        let mut instance = instance_of_azurerm(&workspace.to_lowercase());
        instance["index_key"] = json!(name);
        instance
    };
    let instances: Vec<Value> = names.iter().zip(&workspaces).map(|(name, id)| instance(name, id)).collect();
    scene.write_state(&[in_module(resource(&scene, "hashicorp/azurerm", AZURERM, "each", &instances))]);
    let instances: Vec<_> =
        names.iter().zip(&workspaces).map(|(name, id)| (*name, vec![("workspace_id", id.clone())])).collect();
    configure_module(&scene, ONBOARDING, &instances, AZURERM);

    let address = |name: &str| format!("module.sentinel.{ONBOARDING}.each[\"{name}\"]");
    moves_only(&scene, &[&address("law-portal"), &address("law-soc")]);
}

fn moves_a_resource_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    let instance = instance_of_azapi_2(
        "Microsoft.SecurityInsights/onboardingStates@2024-03-01",
        &workspace.to_lowercase(),
        "default",
        &json!({"properties": {"customerManagedKey": false}}),
    );
    scene.write_state(&[resource(&scene, "azure/azapi", "azapi_resource", "sentinel", &[instance])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved("azapi_resource.sentinel", &format!("{ONBOARDING}.this"))
    ));

    moves_only(&scene, &["sentinel_workspace_onboarding.this"]);
}

fn rejects_a_resource_of_azapi_of_another_type(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let workspace = scene.azure.workspace("law-soc");
    let azure_type = "Microsoft.SecurityInsights/alertRules@2024-03-01";
    let instance = instance_of_azapi_2(azure_type, &workspace, "r", &json!({"properties": {}}));
    scene.write_state(&[resource(&scene, "azure/azapi", "azapi_resource", "rule", &[instance])]);
    scene.configure(&format!(
        "resource \"{ONBOARDING}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n{}",
        moved("azapi_resource.rule", &format!("{ONBOARDING}.this"))
    ));

    scene.plan_fails(&["Unable to move resource state", AZURERM]);

    scene.azure.assert_only_read();
}
