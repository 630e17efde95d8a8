//! What somebody changes behind Terraform's back: gone when the stream is off, unchanged while it is on.

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
    off_and_on_again(scene, |document| document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into());
}

fn corrects_a_provider_removed_from_the_filter(scene: Scene) {
    off_and_on_again(scene, |document| {
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
    scene.assert_settled();
}

fn ignores_a_removed_filter(scene: Scene) {
    still_connected(scene, |document| {
        let properties = document["properties"].as_object_mut().expect("properties are an object");
        properties.remove("filteredProviders");
    });
}

fn ignores_a_state_in_lower_case(scene: Scene) {
    still_connected(scene, |document| document["properties"]["dataTypes"]["alerts"]["state"] = "enabled".into());
}

fn ignores_another_provider_in_the_filter(scene: Scene) {
    still_connected(scene, |document| {
        let providers = document["properties"]["filteredProviders"]["alerts"].as_array_mut();
        providers.expect("the filter is a list").push("microsoftDefenderForIdentity".into());
    });
}

fn ignores_enabled_incidents(scene: Scene) {
    still_connected(scene, |document| document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into());
}

fn follows_a_connector_recreated_under_another_name(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    let (id, _) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.delete(&id);
    let new_id = scene.azure.connect_in_the_portal("law-soc");

    scene.assert_settled();
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

    // The connection is gone with the workspace; what is left to do is on the user's side.
    scene.configure("");
    scene.azure.forget_requests();
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

    scene.assert_settled();
    scene.azure.assert_streams("law-soc");
}

/// After `change` the connector counts as gone, and is planned and made again.
fn off_and_on_again(scene: Scene, change: impl FnOnce(&mut Value)) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", change);
    scene.azure.assert_silent("law-soc");

    let plan = scene.assert_plans([(CONNECTOR, Action::Create)]);
    assert_eq!(plan.drift().get(CONNECTOR), Some(&Action::Delete), "the plan tells that it was switched off");
    scene.azure.forget_requests();
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    scene.assert_settled();
}

/// After `change` the stream is still on: nothing to plan, and what was changed stays.
fn still_connected(scene: Scene, change: impl FnOnce(&mut Value)) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", change);
    let (_, changed) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.forget_requests();

    scene.assert_settled();
    scene.apply();

    let (_, left) = scene.azure.connector("law-soc").expect("it is connected");
    assert_eq!(left, changed);
    scene.azure.assert_only_read();
}
