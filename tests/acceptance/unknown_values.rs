//! Values that are known only after apply, where a change of them replaces the resource. As long as it is not known
//! whether such a value changes, the plan is an update: if it turns out to be the same, nothing happens in Azure; if it
//! turns out to be another one, the apply moves the resource.

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

/// Something upstream that is made anew with every revision. What comes out of it is known only after apply.
fn upstream(value: &str, revision: u32) -> String {
    format!(
        "resource \"terraform_data\" \"upstream\" {{\n  input            = \"{value}\"\n  triggers_replace = \
         {revision}\n}}\n\n"
    )
}

/// The connector with one argument from upstream.
fn connector(scene: &Scene, argument: &str) -> String {
    let workspace = scene.azure.workspace("law-soc");
    let fixed =
        if argument.contains("workspace_id") { String::new() } else { format!("workspace_id = \"{workspace}\"") };
    format!("resource \"sentinel_dfc_tenant_connector\" \"this\" {{\n  {fixed}\n  {argument}\n}}\n")
}

/// The connector of the workspace that upstream names.
fn follows_workspace(scene: &Scene, workspace: &str, revision: u32) -> String {
    upstream(&scene.azure.workspace(workspace), revision)
        + &connector(scene, "workspace_id = terraform_data.upstream.output")
}

/// The solution that upstream names, by this argument.
fn solution(scene: &Scene, argument: &str) -> String {
    let workspace = scene.azure.workspace("law-soc");
    format!(
        "resource \"sentinel_content_hub_solution\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {argument} = \
         terraform_data.upstream.output\n}}\n"
    )
}

/// Applies a configuration, and then another one, which plans an update of the resource whatever it turns out to be.
#[track_caller]
fn plans_an_update(scene: &Scene, resource: &str, before: &str, after: &str) {
    scene.configure(before);
    scene.apply();
    scene.configure(after);

    let plan = scene.assert_plans([(UPSTREAM, Action::Replace), (resource, Action::Update)]);

    let change = plan.change(resource).expect("it is planned");
    assert_eq!(change.replace_paths, Vec::<Vec<serde_json::Value>>::new());
    assert_eq!(change.after_unknown["id"], true, "it is the id of another object, if it moves");
    scene.azure.forget_requests();
}

/// Applies, which changes nothing in Azure, and leaves nothing to do.
#[track_caller]
fn changes_nothing(scene: &Scene) {
    let finished = scene.apply();

    assert!(!finished.words().contains(REPLACES));
    scene.azure.assert_only_read();
    scene.assert_settled();
}

fn keeps_the_stream_if_the_unknown_workspace_is_the_same(scene: Scene) {
    let (before, after) = (follows_workspace(&scene, "law-soc", 1), follows_workspace(&scene, "law-soc", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["This change may replace the resource", "`workspace_id`"]);

    changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn keeps_the_stream_if_the_unknown_tenant_is_the_same(scene: Scene) {
    let tenant = scene.variable("ARM_TENANT_ID");
    let config =
        |revision| upstream(&tenant, revision) + &connector(&scene, "tenant_id = terraform_data.upstream.output");
    plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn keeps_the_stream_if_the_unknown_contract_is_the_same(scene: Scene) {
    let contract = "contract = { provider = terraform_data.upstream.output }";
    let config = |revision| upstream("MicrosoftDefenderForCloud2", revision) + &connector(&scene, contract);
    plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    scene.succeed(&["apply", "-no-color", "plan"]);

    scene.azure.assert_only_read();
    scene.assert_settled();
}

fn prevent_destroy_allows_an_unknown_value_that_is_the_same(scene: Scene) {
    let argument = "workspace_id = terraform_data.upstream.output\n\n  lifecycle {\n    prevent_destroy = true\n  }";
    let config = |revision| upstream(&scene.azure.workspace("law-soc"), revision) + &connector(&scene, argument);
    plans_an_update(&scene, CONNECTOR, &config(1), &config(2));

    changes_nothing(&scene);

    scene.azure.assert_streams("law-soc");
}

fn replaces_the_connection_if_the_unknown_workspace_differs(scene: Scene) {
    let (before, after) = (follows_workspace(&scene, "law-soc", 1), follows_workspace(&scene, "law-outdated", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);

    assert_says(&scene.apply(), &[REPLACES, "`workspace_id`"]);

    scene.azure.assert_silent("law-soc");
    scene.azure.assert_streams("law-outdated");
    assert_eq!(scene.azure.requests().writes(), 2, "one off, one on");
    scene.assert_settled();
    scene.destroy();
    scene.azure.assert_silent("law-outdated");
}

fn replaces_the_connection_if_the_unknown_contract_differs(scene: Scene) {
    let contract = "contract = { provider = terraform_data.upstream.output }";
    let config = |provider, revision| upstream(provider, revision) + &connector(&scene, contract);
    let (before, after) = (config("MicrosoftDefenderForCloud2", 1), config("MicrosoftDefenderForCloud3", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);

    assert_says(&scene.succeed(&["apply", "-no-color", "plan"]), &[REPLACES, "`contract`"]);

    let (_, document) = scene.azure.connector("law-soc").expect("it is connected");
    assert_eq!(document["properties"]["filteredProviders"]["alerts"], json!(["MicrosoftDefenderForCloud3"]));
    scene.assert_settled();
}

fn rejects_a_wrong_unknown_tenant_and_keeps_the_stream(scene: Scene) {
    let other = "00000000-0000-4000-8000-00000000dead";
    let config = |tenant: &str, revision| {
        upstream(tenant, revision) + &connector(&scene, "tenant_id = terraform_data.upstream.output")
    };
    plans_an_update(&scene, CONNECTOR, &config(&scene.variable("ARM_TENANT_ID"), 1), &config(other, 2));

    scene.apply_fails(&[other, &scene.variable("ARM_TENANT_ID")]);

    scene.azure.assert_only_read();
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR, UPSTREAM]);
}

fn keeps_the_state_if_the_old_workspace_cannot_be_disconnected(scene: Scene) {
    let (before, after) = (follows_workspace(&scene, "law-soc", 1), follows_workspace(&scene, "law-outdated", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);
    for method in ["PUT", "DELETE"] {
        scene.azure.inject(json!({ "method": method, "path": "/law-soc/.*/dataConnectors/", "status": 403 }));
    }

    scene.apply_fails(&["403"]);

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_silent("law-outdated");
    assert_eq!(scene.attribute(CONNECTOR, "workspace_id"), scene.azure.workspace("law-soc"));
    scene.azure.clear_faults();
    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();
    scene.azure.assert_streams("law-outdated");
    scene.azure.assert_silent("law-soc");
}

fn next_apply_creates_the_connection_after_a_failed_replacement(scene: Scene) {
    let (before, after) = (follows_workspace(&scene, "law-soc", 1), follows_workspace(&scene, "law-outdated", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);
    scene.azure.inject(json!({ "method": "PUT", "path": "/law-outdated/.*/dataConnectors/", "status": 403 }));

    scene.apply_fails(&["403", "The replacement failed after the old object was deleted"]);

    scene.azure.assert_silent("law-soc");
    scene.azure.assert_silent("law-outdated");
    scene.azure.clear_faults();
    scene.assert_plans([(CONNECTOR, Action::Create)]);
    scene.apply();
    scene.azure.assert_streams("law-outdated");
    scene.assert_settled();
}

fn next_apply_replaces_a_partly_created_connection(scene: Scene) {
    let (before, after) = (follows_workspace(&scene, "law-soc", 1), follows_workspace(&scene, "law-outdated", 2));
    plans_an_update(&scene, CONNECTOR, &before, &after);
    // Azure takes the write; then the provider may no longer look. Before it writes it looks three times: twice in the plan
    // of the apply, as in that of any replacement, and once when it creates.
    let path = "/law-outdated/.*/dataConnectors";
    scene.azure.inject(json!({ "method": "GET", "path": path, "skip": 3, "status": 403 }));

    scene.apply_fails(&["403"]);

    scene.azure.clear_faults();
    assert_eq!(scene.attribute(CONNECTOR, "workspace_id"), scene.azure.workspace("law-outdated"));
    scene.assert_plans([(CONNECTOR, Action::Replace)]);
    scene.apply();
    scene.azure.assert_silent("law-soc");
    scene.azure.assert_streams("law-outdated");
    scene.assert_settled();
}

fn replaces_the_connection_without_a_refresh(scene: Scene) {
    scene.configure(&follows_workspace(&scene, "law-soc", 1));
    scene.apply();
    scene.configure(
        &follows_workspace(&scene, "law-outdated", 1).replace("terraform_data.upstream.output", &known(&scene)),
    );

    let plan = scene.plan_with(&["-refresh=false"]);
    assert_eq!(plan.actions().get(CONNECTOR), Some(&Action::Update));
    scene.succeed(&["apply", "-no-color", "plan"]);

    scene.azure.assert_silent("law-soc");
    scene.azure.assert_streams("law-outdated");
    scene.assert_settled();
}

fn plans_the_same_change_with_a_refresh_as_a_replacement(scene: Scene) {
    scene.configure(&follows_workspace(&scene, "law-soc", 1));
    scene.apply();
    scene.configure(&follows_workspace(&scene, "law-soc", 1).replace("terraform_data.upstream.output", &known(&scene)));

    let plan = scene.assert_plans([(CONNECTOR, Action::Replace)]);

    assert_eq!(plan.change(CONNECTOR).expect("it is planned").replace_paths, [[json!("workspace_id")]]);
}

/// The other workspace, as it is written where it is known.
fn known(scene: &Scene) -> String {
    format!("\"{}\"", scene.azure.workspace("law-outdated"))
}

fn keeps_the_solution_if_its_unknown_content_id_is_the_same(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |revision| upstream(CONTENT_ID, revision) + &solution(&scene, "content_id");
    plans_an_update(&scene, SOLUTION, &config(1), &config(2));

    changes_nothing(&scene);

    scene.azure.assert_installed("law-soc", NEWEST);
}

fn keeps_the_solution_if_its_unknown_name_is_the_same(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |revision| upstream("Microsoft Defender for Cloud", revision) + &solution(&scene, "display_name");
    plans_an_update(&scene, SOLUTION, &config(1), &config(2));

    changes_nothing(&scene);

    scene.azure.assert_installed("law-soc", NEWEST);
}

fn replaces_the_solution_if_its_unknown_content_id_differs(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |content_id, revision| upstream(content_id, revision) + &solution(&scene, "content_id");
    plans_an_update(&scene, SOLUTION, &config(CONTENT_ID, 1), &config(AZURE_ACTIVITY, 2));

    assert_says(&scene.apply(), &[REPLACES, "`content_id`"]);

    assert_eq!((scene.azure.registered("law-soc"), scene.azure.templates("law-soc")), (None, Vec::new()));
    assert_eq!(scene.attribute(SOLUTION, "display_name"), "Azure Activity");
    scene.assert_settled();
}

fn replaces_the_solution_if_its_unknown_name_differs(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let config = |name, revision| upstream(name, revision) + &solution(&scene, "display_name");
    plans_an_update(&scene, SOLUTION, &config("Microsoft Defender for Cloud", 1), &config("Azure Activity", 2));

    assert_says(&scene.apply(), &[REPLACES]);

    assert_eq!((scene.azure.registered("law-soc"), scene.azure.templates("law-soc")), (None, Vec::new()));
    assert_eq!(scene.attribute(SOLUTION, "content_id"), AZURE_ACTIVITY);
    scene.assert_settled();
}
