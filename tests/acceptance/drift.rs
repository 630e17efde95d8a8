//! Changes outside of Terraform: the plan recreates a disabled connection, and ignores other changes.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector};

scenarios![
    corrects_disabled_alerts,
    corrects_a_provider_removed_from_the_filter,
    recreates_a_deleted_connector,
    ignores_a_removed_filter,
    ignores_a_state_in_lower_case,
    ignores_another_provider_in_the_filter,
    ignores_enabled_incidents,
    follows_a_connector_recreated_under_another_name,
    removes_the_connector_of_a_deleted_workspace_from_the_state,
    ignores_a_deleted_connector_page,
];

fn corrects_disabled_alerts(scene: Scene) {
    assert_recreated_after(scene, |document| {
        document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
    });
}

fn corrects_a_provider_removed_from_the_filter(scene: Scene) {
    assert_recreated_after(scene, |document| {
        document["properties"]["filteredProviders"]["alerts"] = json!(["microsoftDefenderForCloudApps"]);
    });
}

fn recreates_a_deleted_connector(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    let (id, _) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.delete(&id);

    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn ignores_a_removed_filter(scene: Scene) {
    assert_unchanged_after(scene, |document| {
        let properties = document["properties"].as_object_mut().expect("properties are an object");
        properties.remove("filteredProviders");
    });
}

fn ignores_a_state_in_lower_case(scene: Scene) {
    assert_unchanged_after(scene, |document| document["properties"]["dataTypes"]["alerts"]["state"] = "enabled".into());
}

fn ignores_another_provider_in_the_filter(scene: Scene) {
    assert_unchanged_after(scene, |document| {
        let providers = document["properties"]["filteredProviders"]["alerts"].as_array_mut();
        providers.expect("the filter is a list").push("microsoftDefenderForIdentity".into());
    });
}

fn ignores_enabled_incidents(scene: Scene) {
    assert_unchanged_after(scene, |document| {
        document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
    });
}

fn follows_a_connector_recreated_under_another_name(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    let (id, _) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.delete(&id);
    let new_id = scene.azure.connect_in_the_portal("law-soc");

    scene.assert_no_changes();
    scene.apply();

    assert_eq!(scene.attribute(CONNECTOR, "id").to_lowercase(), new_id.to_lowercase());
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
}

fn removes_the_connector_of_a_deleted_workspace_from_the_state(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    let prefix = workspace.to_lowercase();
    for id in scene.azure.ids().into_iter().filter(|id| id.starts_with(&prefix)) {
        scene.azure.delete(&id);
    }

    // The connection was deleted with the workspace, so the apply only removes it from the state.
    scene.configure("");
    scene.azure.clear_requests();
    scene.apply();

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn ignores_a_deleted_connector_page(scene: Scene) {
    // The page belongs to the solution; the connection does not depend on it.
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    let page = "providers/Microsoft.SecurityInsights/dataConnectors/MicrosoftDefenderForCloudTenantBased";
    scene.azure.delete(&format!("{workspace}/{page}"));

    scene.assert_no_changes();
    scene.azure.assert_streams("law-soc");
}

/// Asserts that `change` disconnects the connector, and that the next apply connects it again.
fn assert_recreated_after(scene: Scene, change: impl FnOnce(&mut Value)) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", change);
    scene.azure.assert_not_streaming("law-soc");

    let plan = scene.assert_plans([(CONNECTOR, Action::Create)]);
    assert_eq!(plan.drift().get(CONNECTOR), Some(&Action::Delete), "the plan reports that it was disconnected");
    scene.azure.clear_requests();
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    scene.assert_no_changes();
}

/// Asserts that the connector is still connected after `change`: the plan is empty, and the change stays.
fn assert_unchanged_after(scene: Scene, change: impl FnOnce(&mut Value)) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", change);
    let (_, changed) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.clear_requests();

    scene.assert_no_changes();
    scene.apply();

    let (_, left) = scene.azure.connector("law-soc").expect("it is connected");
    assert_eq!(left, changed);
    scene.azure.assert_only_read();
}
