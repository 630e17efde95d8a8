//! The data source `sentinel_content_hub_solution`: the available and the installed version of a solution.

use serde_json::{Value, json};

use crate::support::Scene;

const DATA: &str = "data.sentinel_content_hub_solution.this";
const CONTENT_ID: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";
const DISPLAY_NAME: &str = "Microsoft Defender for Cloud";

scenarios![
    finds_a_solution_by_content_id,
    finds_a_solution_by_display_name,
    finds_a_solution_in_any_case,
    compares_the_installed_version,
    outdated_solution_does_not_satisfy_the_constraint,
    reads_a_solution_that_is_not_installed,
    satisfies_is_null_without_a_constraint,
    reads_a_stale_registration_as_not_installed,
    suggests_similar_names,
    lists_every_solution_with_the_name,
    precondition_guards_the_connector,
    reads_at_apply_if_the_workspace_is_unknown_at_plan,
];

fn finds_a_solution_by_content_id(scene: Scene) {
    let solution = look_up(&scene, "law-soc", &format!("content_id = \"{CONTENT_ID}\""));

    assert_eq!(solution["display_name"], DISPLAY_NAME);
    assert_eq!(solution["installed"], true);
    assert_eq!(solution["installed_version"], "3.0.3");
    assert_eq!(solution["stale_registration"], false);
    for attribute in ["id", "content_product_id", "content_schema_version", "content_kind", "publisher"] {
        assert!(solution[attribute].is_string(), "{attribute} is known: {solution:#}");
    }
    scene.azure.assert_only_read();
}

fn finds_a_solution_by_display_name(scene: Scene) {
    let solution = look_up(&scene, "law-soc", &format!("display_name = \"{DISPLAY_NAME}\""));

    assert_eq!(solution["content_id"], CONTENT_ID);
}

fn finds_a_solution_in_any_case(scene: Scene) {
    let upper = CONTENT_ID.to_uppercase();
    let solution = look_up(&scene, "law-soc", &format!("content_id = \"{upper}\""));

    assert_eq!(solution["installed"], true);
}

fn compares_the_installed_version(scene: Scene) {
    let arguments = format!("content_id = \"{CONTENT_ID}\"\n  version_constraint = \">= 3.0.0, < 4.0.0\"");

    let solution = look_up(&scene, "law-soc", &arguments);

    assert_eq!(solution["satisfies"], true);
}

fn outdated_solution_does_not_satisfy_the_constraint(scene: Scene) {
    let arguments = format!("content_id = \"{CONTENT_ID}\"\n  version_constraint = \">= 3.0.0\"");

    let solution = look_up(&scene, "law-outdated", &arguments);

    assert_eq!(solution["installed_version"], "2.0.1");
    assert_eq!(solution["satisfies"], false);
    assert_eq!(solution["update_available"], true);
}

fn reads_a_solution_that_is_not_installed(scene: Scene) {
    let arguments = format!("content_id = \"{CONTENT_ID}\"\n  version_constraint = \">= 3.0.0\"");
    let workspace = scene.azure.workspace("law-soc");
    let package = format!("{workspace}/providers/Microsoft.SecurityInsights/contentPackages/");
    let prefix = package.to_lowercase();
    for id in scene.azure.ids().into_iter().filter(|id| id.starts_with(&prefix)) {
        scene.azure.delete(&id);
    }

    let solution = look_up(&scene, "law-soc", &arguments);

    assert_eq!(solution["installed"], false);
    assert_eq!(solution["installed_version"], Value::Null);
    assert_eq!(solution["satisfies"], false);
    assert!(solution["available_version"].is_string());
}

fn satisfies_is_null_without_a_constraint(scene: Scene) {
    let solution = look_up(&scene, "law-soc", &format!("content_id = \"{CONTENT_ID}\""));

    assert_eq!(solution["satisfies"], Value::Null);
}

fn reads_a_stale_registration_as_not_installed(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
        packages.retain(|package| package["contentId"] != CONTENT_ID);
    });

    let solution = look_up(&scene, "law-soc", &format!("content_id = \"{CONTENT_ID}\""));

    assert_eq!(solution["stale_registration"], true);
    assert_eq!(solution["available_version"], Value::Null);
}

fn lists_every_solution_with_the_name(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
        let mut twin =
            packages.iter().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer").clone();
        twin["contentId"] = json!("contoso.twin");
        twin["contentProductId"] = json!("contoso.twin-sl-1");
        packages.push(twin);
    });
    scene.configure(&data(&scene.azure.workspace("law-soc"), &format!("display_name = \"{DISPLAY_NAME}\"")));

    scene.plan_fails(&[CONTENT_ID, "contoso.twin", "content_id"]);
}

fn suggests_similar_names(scene: Scene) {
    scene.configure(&data(&scene.azure.workspace("law-soc"), "display_name = \"Microsoft Defender for Clouds\""));

    scene.plan_fails(&["Microsoft Defender for Clouds", DISPLAY_NAME]);
}

fn precondition_guards_the_connector(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    let arguments = format!("content_id = \"{CONTENT_ID}\"\n  version_constraint = \">= 3.0.0\"");
    scene.configure(&format!(
        r#"{}
resource "sentinel_dfc_tenant_connector" "this" {{
  workspace_id = "{workspace}"

  lifecycle {{
    precondition {{
      condition     = {DATA}.satisfies
      error_message = "Upgrade the solution first."
    }}
  }}
}}
"#,
        data(&workspace, &arguments)
    ));

    scene.plan_fails(&["Upgrade the solution first."]);

    scene.azure.assert_not_streaming("law-outdated");
}

fn reads_at_apply_if_the_workspace_is_unknown_at_plan(scene: Scene) {
    scene.configure(&format!(
        r#"
resource "terraform_data" "workspace" {{
  input = "{}"
}}

data "sentinel_content_hub_solution" "this" {{
  workspace_id = terraform_data.workspace.output
  content_id   = "{CONTENT_ID}"
}}
"#,
        scene.azure.workspace("law-soc")
    ));

    scene.plan();
    assert_eq!(scene.azure.requests().to_arm().count(), 0, "the workspace is not known yet");
    scene.apply();

    let state = scene.state();
    assert_eq!(state.attributes(DATA).map(|solution| &solution["installed"]), Some(&json!(true)));
}

fn data(workspace: &str, arguments: &str) -> String {
    format!("data \"sentinel_content_hub_solution\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {arguments}\n}}\n")
}

/// Applies the data source and returns its attributes.
fn look_up(scene: &Scene, workspace: &str, arguments: &str) -> Value {
    scene.configure(&data(&scene.azure.workspace(workspace), arguments));
    scene.apply();
    scene.state().attributes(DATA).expect("it was read").clone()
}
