//! Unknown values of attributes that require replacement. The plan is an update. If the value is unchanged at apply,
//! the provider does nothing in Azure. If the value differs, the apply replaces the object.

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, CONTENT_ID, NEWEST, SOLUTION, Scene, assert_says};

scenarios![
    keeps_the_stream_if_the_unknown_tenant_is_the_same,
    keeps_the_stream_if_the_unknown_contract_is_the_same,
    prevent_destroy_allows_an_unknown_value_that_is_the_same,
    replaces_the_connection_if_the_unknown_contract_differs,
    rejects_a_wrong_unknown_tenant_and_keeps_the_stream,
    keeps_the_state_if_the_old_workspace_cannot_be_disconnected,
    replaces_the_connection_without_a_refresh,
    plans_the_same_change_with_a_refresh_as_a_replacement,
    keeps_the_solution_if_its_unknown_name_is_the_same,
    replaces_the_solution_if_its_unknown_name_differs;
    every_cli:
    keeps_the_stream_if_the_unknown_workspace_is_the_same,
    replaces_the_connection_if_the_unknown_workspace_differs,
    next_apply_creates_the_connection_after_a_failed_replacement,
    next_apply_replaces_a_partly_created_connection,
    keeps_the_solution_if_its_unknown_content_id_is_the_same,
    replaces_the_solution_if_its_unknown_content_id_differs,
];

const UPSTREAM: &str = "terraform_data.upstream";
const AZURE_ACTIVITY: &str = "azuresentinel.azure-sentinel-solution-azureactivity";
const REPLACES: &str = "This update replaces the object";

/// A resource that is replaced for every revision. Its output is known only after apply.
fn upstream(value: &str, revision: u32) -> String {
    format!(
        "resource \"terraform_data\" \"upstream\" {{\n  input            = \"{value}\"\n  triggers_replace = \
         {revision}\n}}\n\n"
    )
}

/// The connector with one argument, which may come from upstream.
fn connector(scene: &Scene, argument: &str) -> String {
    let workspace = scene.azure.workspace("law-soc");
    let fixed =
        if argument.contains("workspace_id") { String::new() } else { format!("workspace_id = \"{workspace}\"") };
    format!("resource \"sentinel_dfc_tenant_connector\" \"this\" {{\n  {fixed}\n  {argument}\n}}\n")
}

/// The connector of a workspace whose ID comes from upstream.
fn with_upstream_workspace(scene: &Scene, workspace: &str, revision: u32) -> String {
    upstream(&scene.azure.workspace(workspace), revision)
        + &connector(scene, "workspace_id = terraform_data.upstream.output")
}

/// The solution with this argument from upstream.
fn solution(scene: &Scene, argument: &str) -> String {
    let workspace = scene.azure.workspace("law-soc");
    format!(
        "resource \"sentinel_content_hub_solution\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {argument} = \
         terraform_data.upstream.output\n}}\n"
    )
}

/// Applies the configuration `before`, and asserts that `after` plans an update of the resource.
#[track_caller]
fn assert_plans_an_update(scene: &Scene, resource: &str, before: &str, after: &str) {
    scene.configure(before);
    scene.apply();
    scene.configure(after);

    let plan = scene.assert_plans([(UPSTREAM, Action::Replace), (resource, Action::Update)]);

    let change = plan.change(resource).expect("it is planned");
    assert_eq!(change.replace_paths, Vec::<Vec<serde_json::Value>>::new());
    assert_eq!(change.after_unknown["id"], true, "a replacement would have another ID");
    scene.azure.clear_requests();
}

/// Asserts that the apply changes nothing in Azure, and that the next plan is empty.
#[track_caller]
fn assert_apply_changes_nothing(scene: &Scene) {
    let finished = scene.apply();

    assert!(!finished.words().contains(REPLACES));
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn keeps_the_stream_if_the_unknown_workspace_is_the_same(scene: Scene) {
    let (before, after) =
        (with_upstream_workspace(&scene, "law-soc", 1), with_upstream_workspace(&scene, "law-soc", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["This change may replace the resource", "`workspace_id`"]);

    assert_apply_changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn keeps_the_stream_if_the_unknown_tenant_is_the_same(scene: Scene) {
    let tenant = scene.variable("ARM_TENANT_ID");
    let config =
        |revision| upstream(&tenant, revision) + &connector(&scene, "tenant_id = terraform_data.upstream.output");
    assert_plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    assert_apply_changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn keeps_the_stream_if_the_unknown_contract_is_the_same(scene: Scene) {
    let contract = "contract = { provider = terraform_data.upstream.output }";
    let config = |revision| upstream("MicrosoftDefenderForCloud2", revision) + &connector(&scene, contract);
    assert_plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    scene.succeed(&["apply", "-no-color", "plan"]);

    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn prevent_destroy_allows_an_unknown_value_that_is_the_same(scene: Scene) {
    let argument = "workspace_id = terraform_data.upstream.output\n\n  lifecycle {\n    prevent_destroy = true\n  }";
    let config = |revision| upstream(&scene.azure.workspace("law-soc"), revision) + &connector(&scene, argument);
    assert_plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    assert_apply_changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn replaces_the_connection_if_the_unknown_workspace_differs(scene: Scene) {
    let (before, after) =
        (with_upstream_workspace(&scene, "law-soc", 1), with_upstream_workspace(&scene, "law-outdated", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);

    assert_says(&scene.apply(), &[REPLACES, "`workspace_id`"]);

    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_streams("law-outdated");
    assert_eq!(scene.azure.requests().writes(), 2, "one to disconnect, one to connect");
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_not_streaming("law-outdated");
}

fn replaces_the_connection_if_the_unknown_contract_differs(scene: Scene) {
    let contract = "contract = { provider = terraform_data.upstream.output }";
    let config = |provider, revision| upstream(provider, revision) + &connector(&scene, contract);
    let (before, after) = (config("MicrosoftDefenderForCloud2", 1), config("MicrosoftDefenderForCloud3", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);

    assert_says(&scene.succeed(&["apply", "-no-color", "plan"]), &[REPLACES, "`contract`"]);

    let (_, document) = scene.azure.connector("law-soc").expect("it is connected");
    assert_eq!(document["properties"]["filteredProviders"]["alerts"], json!(["MicrosoftDefenderForCloud3"]));
    scene.assert_no_changes();
}

fn rejects_a_wrong_unknown_tenant_and_keeps_the_stream(scene: Scene) {
    let other = "00000000-0000-4000-8000-00000000dead";
    let config = |tenant: &str, revision| {
        upstream(tenant, revision) + &connector(&scene, "tenant_id = terraform_data.upstream.output")
    };
    assert_plans_an_update(&scene, CONNECTOR, &config(&scene.variable("ARM_TENANT_ID"), 1), &config(other, 2));

    scene.apply_fails(&[other, &scene.variable("ARM_TENANT_ID")]);

    scene.azure.assert_only_read();
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR, UPSTREAM]);
}

fn keeps_the_state_if_the_old_workspace_cannot_be_disconnected(scene: Scene) {
    let (before, after) =
        (with_upstream_workspace(&scene, "law-soc", 1), with_upstream_workspace(&scene, "law-outdated", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);
    for method in ["PUT", "DELETE"] {
        scene.azure.inject(json!({ "method": method, "path": "/law-soc/.*/dataConnectors/", "status": 403 }));
    }

    scene.apply_fails(&["403"]);

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_not_streaming("law-outdated");
    assert_eq!(scene.attribute(CONNECTOR, "workspace_id"), scene.azure.workspace("law-soc"));
    scene.azure.clear_faults();
    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();
    scene.azure.assert_streams("law-outdated");
    scene.azure.assert_not_streaming("law-soc");
}

fn next_apply_creates_the_connection_after_a_failed_replacement(scene: Scene) {
    let (before, after) =
        (with_upstream_workspace(&scene, "law-soc", 1), with_upstream_workspace(&scene, "law-outdated", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);
    scene.azure.inject(json!({ "method": "PUT", "path": "/law-outdated/.*/dataConnectors/", "status": 403 }));

    scene.apply_fails(&["403", "The replacement failed after the old object was deleted"]);

    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_not_streaming("law-outdated");
    scene.azure.clear_faults();
    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.apply();
    scene.azure.assert_streams("law-outdated");
    scene.assert_no_changes();
}

fn next_apply_replaces_a_partly_created_connection(scene: Scene) {
    let (before, after) =
        (with_upstream_workspace(&scene, "law-soc", 1), with_upstream_workspace(&scene, "law-outdated", 2));
    assert_plans_an_update(&scene, CONNECTOR, &before, &after);
    // Azure accepts the write, and rejects all further reads. There are three reads before the write: two in the plan
    // of the apply, as for any replacement, and one in the create.
    let path = "/law-outdated/.*/dataConnectors";
    scene.azure.inject(json!({ "method": "GET", "path": path, "skip": 3, "status": 403 }));

    scene.apply_fails(&["403"]);

    scene.azure.clear_faults();
    assert_eq!(scene.attribute(CONNECTOR, "workspace_id"), scene.azure.workspace("law-outdated"));
    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();
    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_streams("law-outdated");
    scene.assert_no_changes();
}

fn replaces_the_connection_without_a_refresh(scene: Scene) {
    scene.configure(&with_upstream_workspace(&scene, "law-soc", 1));
    scene.apply();
    scene.configure(
        &with_upstream_workspace(&scene, "law-outdated", 1).replace("terraform_data.upstream.output", &known(&scene)),
    );

    let plan = scene.plan_with(&["-refresh=false"]);
    assert_eq!(plan.actions().get(CONNECTOR), Some(&Action::Update));
    scene.succeed(&["apply", "-no-color", "plan"]);

    scene.azure.assert_not_streaming("law-soc");
    scene.azure.assert_streams("law-outdated");
    scene.assert_no_changes();
}

fn plans_the_same_change_with_a_refresh_as_a_replacement(scene: Scene) {
    scene.configure(&with_upstream_workspace(&scene, "law-soc", 1));
    scene.apply();
    scene.configure(
        &with_upstream_workspace(&scene, "law-soc", 1).replace("terraform_data.upstream.output", &known(&scene)),
    );

    let plan = scene.assert_plans([(CONNECTOR, Action::Replace)]);

    assert_eq!(plan.change(CONNECTOR).expect("it is planned").replace_paths, [[json!("workspace_id")]]);
}

/// The ID of the other workspace as a known value.
fn known(scene: &Scene) -> String {
    format!("\"{}\"", scene.azure.workspace("law-outdated"))
}

fn keeps_the_solution_if_its_unknown_content_id_is_the_same(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |revision| upstream(CONTENT_ID, revision) + &solution(&scene, "content_id");
    assert_plans_an_update(&scene, SOLUTION, &config(1), &config(2));

    assert_apply_changes_nothing(&scene);

    scene.azure.assert_installed("law-soc", NEWEST);
}

fn keeps_the_solution_if_its_unknown_name_is_the_same(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |revision| upstream("Microsoft Defender for Cloud", revision) + &solution(&scene, "display_name");
    assert_plans_an_update(&scene, SOLUTION, &config(1), &config(2));

    assert_apply_changes_nothing(&scene);

    scene.azure.assert_installed("law-soc", NEWEST);
}

fn replaces_the_solution_if_its_unknown_content_id_differs(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |content_id, revision| upstream(content_id, revision) + &solution(&scene, "content_id");
    assert_plans_an_update(&scene, SOLUTION, &config(CONTENT_ID, 1), &config(AZURE_ACTIVITY, 2));

    assert_says(&scene.apply(), &[REPLACES, "`content_id`"]);

    assert_eq!((scene.azure.registered("law-soc"), scene.azure.templates("law-soc")), (None, Vec::new()));
    assert_eq!(scene.attribute(SOLUTION, "display_name"), "Azure Activity");
    scene.assert_no_changes();
}

fn replaces_the_solution_if_its_unknown_name_differs(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |name, revision| upstream(name, revision) + &solution(&scene, "display_name");
    assert_plans_an_update(&scene, SOLUTION, &config("Microsoft Defender for Cloud", 1), &config("Azure Activity", 2));

    assert_says(&scene.apply(), &[REPLACES]);

    assert_eq!((scene.azure.registered("law-soc"), scene.azure.templates("law-soc")), (None, Vec::new()));
    assert_eq!(scene.attribute(SOLUTION, "content_id"), AZURE_ACTIVITY);
    scene.assert_no_changes();
}
