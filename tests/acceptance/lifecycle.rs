//! The lifecycle of a connector: create, refresh and destroy, with saved plans, targets and replacements.

use std::time::Duration;

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, Scene, connector, connector_with};

scenarios![
    reads_once_per_refresh,
    accepts_every_argument,
    keeps_other_settings_of_the_connector,
    plans_without_refreshing,
    replaces_on_request,
    applies_only_a_target,
    refreshes_only,
    changed_timeouts_write_nothing;
    every_cli:
    connects_a_workspace,
    plans_no_change_after_the_first_apply,
    disconnects_at_destroy,
    applies_a_saved_plan_later,
    removed_block_keeps_the_connection,
];

fn connects_a_workspace(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));

    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_only_read();

    scene.azure.clear_requests();
    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    assert_eq!(scene.azure.requests().writes(), 1, "connecting is one write");
    scene.assert_state([CONNECTOR]);
    let (id, document) = scene.azure.connector("law-soc").expect("it was created");
    assert_eq!(scene.attribute(CONNECTOR, "id").to_lowercase(), id.to_lowercase());
    assert_eq!(scene.attribute(CONNECTOR, "name"), document["name"]);
    assert_eq!(scene.attribute(CONNECTOR, "kind"), "MicrosoftThreatProtection");
    assert_eq!(scene.attribute(CONNECTOR, "tenant_id"), scene.variable("ARM_TENANT_ID"));
    assert_eq!(document["properties"]["tenantId"], scene.variable("ARM_TENANT_ID"));
}

fn plans_no_change_after_the_first_apply(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();

    scene.assert_no_changes();
    scene.succeed(&["plan", "-no-color", "-refresh-only", "-detailed-exitcode"]);
    scene.apply();

    scene.azure.assert_only_read();
    scene.azure.assert_streams("law-soc");
}

fn reads_once_per_refresh(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();

    scene.assert_no_changes();

    scene.azure.assert_requests("GET", "/dataConnectors", 1);
    let reads = scene.azure.requests().to_arm().count();
    assert!(reads <= 2, "a refresh is one read, plus at most one look-up a workspace, not {reads}");
}

fn accepts_every_argument(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let tenant = scene.variable("ARM_TENANT_ID");
    scene.configure(&connector_with(
        &workspace,
        &format!(
            r#"
  tenant_id      = "{tenant}"
  adopt_existing = true

  contract = {{
    kind        = "MicrosoftThreatProtection"
    provider    = "microsoftDefenderForCloud"
    api_version = "2025-10-01-preview"
  }}

  timeouts {{
    create = "10m"
    read   = "2m"
    update = "10m"
    delete = "10m"
  }}"#
        ),
    ));

    scene.apply();
    scene.assert_no_changes();

    scene.azure.assert_streams("law-soc");
    scene.destroy();
    scene.azure.assert_not_streaming("law-soc");
}

fn disconnects_at_destroy(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();

    scene.destroy();

    scene.azure.assert_not_streaming("law-soc");
    assert_eq!(scene.azure.requests().writes(), 1, "disconnecting is one write");
    scene.assert_state([]);
}

fn keeps_other_settings_of_the_connector(scene: Scene) {
    // The connector also streams incidents and the alerts of another product.
    let id = scene.azure.connect_in_the_portal("law-soc");
    scene.azure.change_connector("law-soc", |document| {
        document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
        document["properties"]["filteredProviders"]["alerts"] = json!(["microsoftDefenderForCloudApps"]);
    });
    let before = scene.azure.document(&id).expect("it is there");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    // Create and destroy the tenant connector.
    scene.apply();
    scene.azure.assert_streams("law-soc");
    assert_eq!(scene.attribute(CONNECTOR, "id").to_lowercase(), id.to_lowercase());
    scene.assert_no_changes();
    scene.destroy();

    // All other settings are unchanged.
    let after = scene.azure.document(&id).expect("the portal's connector stays");
    assert_eq!(after["properties"], before["properties"]);
}

fn applies_a_saved_plan_later(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.plan();
    scene.azure.assert_not_streaming("law-soc");

    scene.succeed(&["apply", "-no-color", "plan"]);

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    scene.assert_no_changes();
}

fn plans_without_refreshing(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", |document| {
        document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
    });
    scene.azure.clear_requests();

    let plan = scene.plan_with(&["-refresh=false"]);

    assert!(plan.actions().is_empty(), "without a refresh there is no drift");
    scene.azure.assert_requests("GET", "/dataConnectors", 0);
}

fn replaces_on_request(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();

    let replace = format!("-replace={CONNECTOR}");
    scene.succeed(&["apply", "-auto-approve", "-no-color", &replace]);

    scene.azure.assert_streams("law-soc");
    assert_eq!(scene.azure.requests().writes(), 2, "one to disconnect, one to connect");
    scene.assert_no_changes();
}

fn applies_only_a_target(scene: Scene) {
    let both = format!(
        r#"
resource "sentinel_dfc_tenant_connector" "this" {{
  workspace_id = "{}"
}}

resource "sentinel_dfc_tenant_connector" "other" {{
  workspace_id = "{}"
}}
"#,
        scene.azure.workspace("law-soc"),
        scene.azure.workspace("law-outdated"),
    );
    scene.configure(&both);

    let target = format!("-target={CONNECTOR}");
    scene.succeed(&["apply", "-auto-approve", "-no-color", &target]);

    scene.assert_state([CONNECTOR]);
    scene.azure.assert_streams("law-soc");
    scene.azure.assert_not_streaming("law-outdated");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
}

fn refreshes_only(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.change_connector("law-soc", |document| {
        document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
    });
    scene.azure.clear_requests();

    scene.succeed(&["apply", "-refresh-only", "-auto-approve", "-no-color"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn removed_block_keeps_the_connection(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();

    scene.configure(
        "removed {\n  from = sentinel_dfc_tenant_connector.this\n  lifecycle {\n    destroy = false\n  }\n}\n",
    );
    scene.apply();

    scene.assert_state([]);
    scene.azure.assert_streams("law-soc");
    scene.azure.assert_only_read();
}

fn changed_timeouts_write_nothing(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    scene.azure.clear_requests();

    scene.configure(&connector_with(&workspace, "  timeouts {\n    create = \"7m\"\n  }"));
    let finished = scene.apply();

    assert!(finished.took < Duration::from_secs(30));
    scene.azure.assert_only_read();
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}
