//! Import of an installed solution: by both IDs, by block, by identity, and with generated configuration.

use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, NEWEST, SOLUTION, Scene, solution, solution_with};

scenarios![
    imports_by_workspace_and_content_id,
    imports_by_arm_id,
    rejects_a_solution_that_is_not_installed,
    does_not_repair_a_damaged_solution,
    import_causes_no_drift;
    every_cli:
    imports_by_block_with_generated_configuration;
    with_identities:
    imports_by_identity,
    imports_by_identity_with_generated_configuration,
];

fn imports_by_workspace_and_content_id(scene: Scene) {
    let id = format!("{}|{CONTENT_ID}", scene.azure.workspace("law-portal"));
    imports(&scene, &id);
}

fn imports_by_arm_id(scene: Scene) {
    let id = scene.azure.sentinel("law-portal", &format!("contentPackages/{CONTENT_ID}"));
    imports(&scene, &id);
}

fn imports_by_block_with_generated_configuration(scene: Scene) {
    let id = format!("{}|{CONTENT_ID}", scene.azure.workspace("law-portal"));
    scene.configure(&format!("import {{\n  to = {SOLUTION}\n  id = \"{id}\"\n}}\n"));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains(CONTENT_ID));
    scene.apply();

    scene.assert_state([SOLUTION]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn imports_by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&(solution(&workspace) + &import_by_identity(&workspace)));

    scene.assert_plans([(SOLUTION, Action::Import)]);
    scene.apply();

    let state = scene.state();
    let identity = state.identity(SOLUTION).expect("the state keeps the identity");
    assert_eq!(identity["content_id"], CONTENT_ID);
    assert_eq!(identity["workspace_id"].as_str().map(str::to_lowercase), Some(workspace.to_lowercase()));
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn imports_by_identity_with_generated_configuration(scene: Scene) {
    scene.configure(&import_by_identity(&scene.azure.workspace("law-portal")));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains(CONTENT_ID));
    scene.apply();

    scene.assert_state([SOLUTION]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn rejects_a_solution_that_is_not_installed(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&solution(&workspace));

    scene.fail(&["import", "-no-color", SOLUTION, &format!("{workspace}|{CONTENT_ID}")], &["Nothing to import"]);
    scene.fail(&["import", "-no-color", SOLUTION, &workspace], &["contentPackages"]);

    scene.assert_state([]);
}

fn does_not_repair_a_damaged_solution(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    for name in scene.azure.templates("law-portal") {
        scene.azure.delete(&scene.azure.sentinel("law-portal", &format!("contentTemplates/{name}")));
    }
    for page in scene.azure.names("law-portal", "dataConnectors") {
        scene.azure.delete(&scene.azure.sentinel("law-portal", &format!("dataConnectors/{page}")));
    }
    let import = format!("import {{\n  to = {SOLUTION}\n  id = \"{workspace}|{CONTENT_ID}\"\n}}\n");
    scene.configure(&import);
    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains("repair"), "{}", scene.read("generated.tf"));

    let finished = scene.apply();

    assert!(finished.words().contains("The solution will not be repaired"), "{}", finished.words());
    scene.azure.assert_only_read();
    scene.assert_no_changes();
    scene.file("generated.tf", "");
    scene.configure(&solution_with(&workspace, "  repair = \"always\""));
    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.apply();
    scene.azure.assert_installed("law-portal", NEWEST);
    scene.assert_no_changes();
}

/// A scheduled drift check finds nothing after a create, an adoption or an import.
fn import_causes_no_drift(scene: Scene) {
    let check = ["plan", "-no-color", "-refresh-only", "-detailed-exitcode"];
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.succeed(&check);

    let adopted = solution_with(&scene.azure.workspace("law-outdated"), "  version_constraint = \">= 3.0.0\"");
    scene.configure(&(solution(&scene.azure.workspace("law-soc")) + &adopted.replace("\"this\"", "\"adopted\"")));
    scene.apply();
    scene.succeed(&check);

    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!(
        "{}import {{\n  to = {SOLUTION}\n  id = \"{workspace}|{CONTENT_ID}\"\n}}\n",
        solution(&workspace)
    ));
    scene.succeed(&["state", "rm", SOLUTION, "sentinel_content_hub_solution.adopted"]);
    scene.apply();
    scene.succeed(&check);
}

/// An `import` block with the identity of the solution.
fn import_by_identity(workspace_id: &str) -> String {
    format!(
        "\nimport {{\n  to = {SOLUTION}\n  identity = {{\n    workspace_id = \"{workspace_id}\"\n    content_id   = \
         \"{CONTENT_ID}\"\n  }}\n}}\n"
    )
}

/// Runs `import` with `id`, and asserts that the next plan is empty.
fn imports(scene: &Scene, id: &str) {
    scene.configure(&solution(&scene.azure.workspace("law-portal")));

    scene.succeed(&["import", "-no-color", SOLUTION, id]);

    scene.azure.assert_only_read();
    scene.assert_state([SOLUTION]);
    scene.assert_no_changes();
}
