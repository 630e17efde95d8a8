//! Taking an installed solution into the state: by either id, by block, by identity, with generated configuration.

use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, SOLUTION, Scene, solution};

scenarios![
    by_workspace_and_content_id,
    by_the_arm_id,
    by_a_block_with_generated_configuration,
    by_identity,
    refuses_what_is_not_installed,
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
    if !scene.cli.imports_by_identity() {
        eprintln!("{} does not import by identity", scene.cli);
        return;
    }
    let workspace = scene.azure.workspace("law-portal");
    scene.configure(&format!(
        "{}\nimport {{\n  to = {SOLUTION}\n  identity = {{\n    workspace_id = \"{workspace}\"\n    content_id   = \
         \"{CONTENT_ID}\"\n  }}\n}}\n",
        solution(&workspace)
    ));

    scene.assert_plans([(SOLUTION, Action::Import)]);
    scene.apply();

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

/// `import` with `id`, then nothing to plan.
fn imports(scene: &Scene, id: &str) {
    scene.configure(&solution(&scene.azure.workspace("law-portal")));

    scene.succeed(&["import", "-no-color", SOLUTION, id]);

    scene.azure.assert_only_read();
    scene.assert_state([SOLUTION]);
    scene.assert_settled();
}
