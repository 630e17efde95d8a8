//! Import of an existing connection: by both IDs, by block, by identity, and with generated configuration.

use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, assert_says, connector};

scenarios![
    imports_by_workspace_id,
    imports_by_connector_id,
    rejects_a_connector_page,
    rejects_a_workspace_that_is_not_connected,
    rejects_an_id_of_another_type;
    every_cli:
    imports_by_block,
    imports_by_block_with_generated_configuration;
    with_identities:
    imports_by_identity,
    imports_by_identity_with_generated_configuration,
    rejects_an_identity_of_another_type,
];

fn imports_by_workspace_id(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    imports(scene, &workspace);
}

fn imports_by_connector_id(scene: Scene) {
    let (id, _) = scene.azure.connector("law-portal").expect("law-portal is connected");
    imports(scene, &id);
}

fn imports_by_block(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!("{}\nimport {{\n  to = {CONNECTOR}\n  id = \"{workspace}\"\n}}\n", connector(&workspace)));

    scene.assert_plans([(CONNECTOR, Action::Import)]);
    scene.apply();

    scene.assert_state([CONNECTOR]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
    scene.succeed(&["plan", "-no-color", "-refresh-only", "-detailed-exitcode"]);
    let finished = scene.succeed(&["plan", "-no-color", "-destroy"]);
    assert_says(&finished, &["Destroying this resource disables existing alerts in law-portal", "removed {"]);

    scene.configure(&format!("removed {{\n  from = {CONNECTOR}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"));
    scene.apply();
    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn imports_by_block_with_generated_configuration(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!("import {{\n  to = {CONNECTOR}\n  id = \"{workspace}\"\n}}\n"));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains("workspace_id"));
    scene.apply();

    scene.assert_state([CONNECTOR]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn imports_by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&(connector(&workspace) + &import_by_identity(&workspace)));

    scene.assert_plans([(CONNECTOR, Action::Import)]);
    scene.apply();

    let state = scene.state();
    let identity = state.identity(CONNECTOR).expect("the state keeps the identity");
    assert_eq!(identity["workspace_id"].as_str().map(str::to_lowercase), Some(workspace.to_lowercase()));
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn imports_by_identity_with_generated_configuration(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&import_by_identity(&workspace));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains(&workspace));
    scene.apply();

    scene.assert_state([CONNECTOR]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn rejects_an_identity_of_another_type(scene: Scene) {
    let vault =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v";
    scene.configure(&(connector(&scene.azure.workspace("law-portal")) + &import_by_identity(vault)));

    scene.plan_fails(&["Microsoft.OperationalInsights/workspaces"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn rejects_a_connector_page(scene: Scene) {
    // The page has the name that users expect for the connection, but it is not the connection.
    let workspace = scene.azure.workspace("law-portal");
    let page =
        format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/MicrosoftDefenderForCloudTenantBased");
    scene.configure(&connector(&workspace));

    scene.fail(&["import", "-no-color", CONNECTOR, &page], &["MicrosoftDefenderForCloudTenantBased"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn rejects_a_workspace_that_is_not_connected(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));

    scene.fail(&["import", "-no-color", CONNECTOR, &workspace], &["Nothing to import", "law-soc"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn rejects_an_id_of_another_type(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let other = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc";

    scene.fail(&["import", "-no-color", CONNECTOR, other], &["Microsoft.OperationalInsights/workspaces"]);

    scene.assert_state([]);
    assert_eq!(scene.azure.requests().to_arm().count(), 0, "a malformed ID is not read");
}

/// An `import` block with the identity of the connector.
fn import_by_identity(workspace_id: &str) -> String {
    format!("\nimport {{\n  to = {CONNECTOR}\n  identity = {{\n    workspace_id = \"{workspace_id}\"\n  }}\n}}\n")
}

/// Runs `import` with `id`, asserts that the next plan is empty, and disconnects the connection with a destroy.
fn imports(scene: Scene, id: &str) {
    scene.configure(&connector(&scene.azure.workspace("law-portal")));

    scene.succeed(&["import", "-no-color", CONNECTOR, id]);

    scene.azure.assert_only_read();
    scene.assert_state([CONNECTOR]);
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_not_streaming("law-portal");
    let (_, document) = scene.azure.connector("law-portal").expect("incidents stay");
    assert_eq!(document["properties"]["dataTypes"]["incidents"]["state"], "Enabled");
}
