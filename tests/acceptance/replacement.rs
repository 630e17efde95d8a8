//! Changes that replace the connection, and changes that do not replace it.

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector, connector_with};

scenarios![
    changed_contract_replaces_the_connection,
    rejects_another_tenant,
    ignores_the_case_of_the_workspace_id,
    correct_tenant_id_plans_no_change;
    every_cli:
    changed_workspace_replaces_the_connection,
];

fn changed_workspace_replaces_the_connection(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.configure(&connector(&scene.azure.workspace("law-outdated")));

    let plan = scene.assert_plans([(CONNECTOR, Action::Replace)]);
    let change = plan.change(CONNECTOR).expect("it is planned");
    assert_eq!(change.replace_paths, [[json!("workspace_id")]]);

    scene.azure.clear_requests();
    scene.apply();
    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_streams("law-outdated");
    assert_eq!(scene.azure.requests().writes(), 2, "one to disconnect, one to connect");
    scene.assert_no_changes();
}

fn changed_contract_replaces_the_connection(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    let own_name = "  contract = {\n    provider = \"MicrosoftDefenderForCloud2\"\n  }";
    scene.configure(&connector_with(&workspace, own_name));

    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();

    let (_, document) = scene.azure.connector("law-soc").expect("it is connected");
    assert_eq!(document["properties"]["filteredProviders"]["alerts"], json!(["MicrosoftDefenderForCloud2"]));
    scene.assert_no_changes();
}

fn rejects_another_tenant(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let other = "00000000-0000-4000-8000-00000000dead";
    scene.configure(&connector_with(&workspace, &format!("  tenant_id = \"{other}\"")));

    scene.plan_fails(&[other, &scene.variable("ARM_TENANT_ID")]);

    scene.azure.assert_only_read();
}

fn ignores_the_case_of_the_workspace_id(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();

    scene.configure(&connector(&workspace.to_lowercase()));

    scene.assert_no_changes();
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
}

fn correct_tenant_id_plans_no_change(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();

    let tenant = scene.variable("ARM_TENANT_ID");
    scene.configure(&connector_with(&workspace, &format!("  tenant_id = \"{tenant}\"")));

    scene.assert_no_changes();
}
