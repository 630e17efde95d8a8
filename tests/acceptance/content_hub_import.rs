//! Taking an installed solution into the state: by either id, by block, by identity, with generated configuration.

use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, SOLUTION, Scene, solution};

scenarios![
    by_workspace_and_content_id,
    by_the_arm_id,
    refuses_what_is_not_installed;
    every_cli:
    by_a_block_with_generated_configuration;
    with_identities:
    by_identity,
    by_identity_with_generated_configuration,
];

fn by_workspace_and_content_id(scene: Scene) {
    let id = format!("{}|{CONTENT_ID}", scene.azure.workspace("law-portal"));
    imports(&scene, &id);
}

fn by_the_arm_id(scene: Scene) {
    let id = scene.azure.sentinel("law-portal", &format!("contentPackages/{CONTENT_ID}"));
    imports(&scene, &id);
}

fn by_a_block_with_generated_configuration(scene: Scene) {
    let id = format!("{}|{CONTENT_ID}", scene.azure.workspace("law-portal"));
    scene.configure(&format!("import {{\n  to = {SOLUTION}\n  id = \"{id}\"\n}}\n"));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains(CONTENT_ID));
    scene.apply();

    scene.assert_state([SOLUTION]);
    scene.azure.assert_only_read();
    scene.assert_settled();
}

fn by_identity(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&(solution(&workspace) + &import_by_identity(&workspace)));

    scene.assert_plans([(SOLUTION, Action::Import)]);
    scene.apply();

    let state = scene.state();
    let identity = state.identity(SOLUTION).expect("the state keeps the identity");
    assert_eq!(identity["content_id"], CONTENT_ID);
    assert_eq!(identity["workspace_id"].as_str().map(str::to_lowercase), Some(workspace.to_lowercase()));
    scene.azure.assert_only_read();
    scene.assert_settled();
}

fn by_identity_with_generated_configuration(scene: Scene) {
    scene.configure(&import_by_identity(&scene.azure.workspace("law-portal")));

    scene.succeed(&["plan", "-no-color", "-generate-config-out=generated.tf"]);
    assert!(scene.read("generated.tf").contains(CONTENT_ID));
    scene.apply();

    scene.assert_state([SOLUTION]);
    scene.azure.assert_only_read();
    scene.assert_settled();
}

fn refuses_what_is_not_installed(scene: Scene) {
    scene.azure.uninstall("law-soc");
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&solution(&workspace));

    scene.fail(&["import", "-no-color", SOLUTION, &format!("{workspace}|{CONTENT_ID}")], &["Nothing to import"]);
    scene.fail(&["import", "-no-color", SOLUTION, &workspace], &["contentPackages"]);

    scene.assert_state([]);
}

/// An `import` block that names the solution by its identity.
fn import_by_identity(workspace_id: &str) -> String {
    format!(
        "\nimport {{\n  to = {SOLUTION}\n  identity = {{\n    workspace_id = \"{workspace_id}\"\n    content_id   = \
         \"{CONTENT_ID}\"\n  }}\n}}\n"
    )
}

/// `import` with `id`, then nothing to plan.
fn imports(scene: &Scene, id: &str) {
    scene.configure(&solution(&scene.azure.workspace("law-portal")));

    scene.succeed(&["import", "-no-color", SOLUTION, id]);

    scene.azure.assert_only_read();
    scene.assert_state([SOLUTION]);
    scene.assert_settled();
}
