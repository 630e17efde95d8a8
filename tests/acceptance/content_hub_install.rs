//! Installation of a solution: in a workspace without it, and in a workspace with an old version.

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::{CONNECTOR, CONTENT_ID, NEWEST, SOLUTION, Scene, assert_says, solution, solution_with};

scenarios![
    plan_writes_nothing,
    upgrades_an_old_version,
    adopts_an_installed_solution,
    replacement_plan_names_the_adopted_solution,
    rejects_an_installed_solution_without_adopt_existing,
    rejects_a_second_resource_for_the_solution,
    finds_a_solution_by_display_name,
    logs_each_deployment_operation,
    installs_in_a_workspace_known_only_at_apply,
    keeps_the_state_small,
    fills_in_parameters;
    every_cli:
    installs_a_missing_solution,
    installs_and_connects_in_one_apply,
];

fn installs_a_missing_solution(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    let plan = scene.assert_plans([(SOLUTION, Action::Create)]);
    let change = plan.change(SOLUTION).expect("it is planned");
    for name in ["display_name", "installed_version"] {
        assert_eq!(change.after_unknown[name], true, "the catalog may move on until the apply");
    }
    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.azure.assert_requests("PUT", "/Microsoft.Resources/deployments/", 1);
    let name = scene.attribute(SOLUTION, "deployment_name");
    assert!(name.contains("microsoftdefenderforcloud") && name.contains(NEWEST) && name.len() <= 64, "{name}");
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_uninstalled("law-soc");
    scene.assert_state([]);
}

fn rejects_a_second_resource_for_the_solution(scene: Scene) {
    // The workspace is unknown in the plan, so only the apply can detect the conflict.
    scene.azure.uninstall("law-soc");
    let id = scene.azure.workspace("law-soc");
    let workspace = format!("resource \"terraform_data\" \"workspace\" {{\n  input = \"{id}\"\n}}\n");
    let first = solution(&id).replace(&format!("\"{id}\""), "terraform_data.workspace.output");
    scene.configure(&format!("{workspace}\n{first}\n{}", first.replace("\"this\"", "\"second\"")));

    scene.apply_fails(&["Two resources manage the solution"]);

    scene.azure.assert_installed("law-soc", NEWEST);
    assert_eq!(scene.state().addresses().len(), 2, "terraform_data, and one: the one that failed owns nothing");
}

fn plan_writes_nothing(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version_constraint = \">= 3.0.0\""));

    scene.plan();

    scene.azure.assert_only_read();
}

fn upgrades_an_old_version(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version_constraint = \">= 3.0.0\""));

    let finished = scene.apply();

    assert!(finished.words().contains("is adopted"));
    assert!(finished.words().contains("2.0.1"), "the adopted version is reported");
    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.assert_no_changes();
}

fn replacement_plan_names_the_adopted_solution(scene: Scene) {
    const OTHER: &str = "azuresentinel.azure-sentinel-solution-azureactivity";
    let there = solution(&scene.azure.workspace("law-soc"));
    scene.configure(&there.replace(CONTENT_ID, OTHER));
    scene.apply();
    scene.configure(&there);

    let finished = scene.succeed(&["plan", "-no-color"]);

    assert!(finished.words().contains("is adopted"), "{}", finished.words());
}

fn adopts_an_installed_solution(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    let finished = scene.apply();

    assert!(finished.words().contains("is adopted"));
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn rejects_an_installed_solution_without_adopt_existing(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  adopt_existing = false"));

    let said = ["already exists", "import {", &format!("|{CONTENT_ID}"), "adopt_existing"];
    assert_says(&scene.succeed(&["plan", "-no-color"]), &said);
    scene.apply_fails(&said);

    scene.azure.assert_only_read();
}

fn finds_a_solution_by_display_name(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let by_name = solution(&workspace)
        .replace(&format!("content_id   = \"{CONTENT_ID}\""), "display_name = \"Microsoft Defender for Cloud\"");
    scene.configure(&by_name);

    scene.apply();

    assert_eq!(scene.attribute(SOLUTION, "content_id"), CONTENT_ID);
    scene.assert_no_changes();
}

fn installs_and_connects_in_one_apply(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    scene.configure(&format!(
        r#"{}
resource "sentinel_dfc_tenant_connector" "this" {{
  workspace_id = {SOLUTION}.workspace_id
  depends_on   = [{SOLUTION}]
}}
"#,
        solution_with(&workspace, "  version_constraint = \">= 3.0.0\"")
    ));

    scene.apply();

    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.azure.assert_streams("law-outdated");
    assert_eq!(scene.attribute(SOLUTION, "display_name"), "Microsoft Defender for Cloud");
    let requests = scene.azure.requests();
    let at =
        |part: &str| requests.all().iter().position(|request| request.method == "PUT" && request.path.contains(part));
    let connected =
        requests.all().iter().rposition(|request| request.method == "PUT" && request.path.contains("/dataConnectors/"));
    assert!(at("/deployments/") < connected, "the solution comes first");
    scene.assert_no_changes();
    scene.assert_state([SOLUTION, CONNECTOR]);

    let finished = scene.destroy();

    assert!(!finished.words().contains("stay connected"), "the connection goes first: {}", finished.words());
    scene.azure.assert_not_streaming("law-outdated");
    scene.azure.assert_uninstalled("law-outdated");
}

fn logs_each_deployment_operation(mut scene: Scene) {
    scene.set("TF_LOG_PROVIDER", "INFO");
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    let finished = scene.apply();

    assert!(finished.stderr.contains("a deployment operation has ended"), "each operation has a line");
    assert!(finished.stderr.contains("contentPackages"), "it says which");
}

fn installs_in_a_workspace_known_only_at_apply(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&format!(
        "resource \"terraform_data\" \"workspace\" {{\n  input = \"{workspace}\"\n}}\n\n{}",
        solution("X").replace("\"X\"", "terraform_data.workspace.output")
    ));
    scene.assert_plans([(SOLUTION, Action::Create), ("terraform_data.workspace", Action::Create)]);

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

fn keeps_the_state_small(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply();

    assert!(scene.read("terraform.tfstate").len() < 4096, "{}", scene.read("terraform.tfstate"));
}

fn fills_in_parameters(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
        let package = packages.iter_mut().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer");
        package["packagedContent"]["parameters"]["retention"] = json!({"type": "int"});
    });
    let workspace = scene.azure.workspace("law-outdated");
    scene.configure(&solution(&workspace));
    scene.plan_fails(&["retention", "int"]);
    scene.configure(&solution_with(&workspace, "  parameters = {\n    colour = \"red\"\n  }"));
    scene.plan_fails(&["colour", "retention"]);
    scene.configure(&solution_with(&workspace, "  parameters = {\n    retention = \"30\"\n  }"));

    scene.apply();

    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.assert_no_changes();
}
