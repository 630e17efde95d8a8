//! Renaming the resource of a solution: with a `moved` block, only the state changes. Without it, the solution may be
//! uninstalled for a while, but is installed in the end.

use terraform_driver::plan::Action;

use crate::support::{NEWEST, SOLUTION, Scene, assert_says, solution};

scenarios![
    rename_without_a_moved_block_warns_in_the_plan,
    rename_without_a_moved_block_keeps_the_solution_installed;
    every_cli:
    moved_block_changes_only_the_state,
    move_into_for_each_changes_only_the_state,
];

const RENAMED: &str = "sentinel_content_hub_solution.renamed";

/// Installs the solution in law-soc with its first address.
fn managed(scene: &Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();
}

/// The same solution at its second address.
fn renamed(scene: &Scene) -> String {
    solution(&scene.azure.workspace("law-soc")).replace("\"this\"", "\"renamed\"")
}

fn moved(to: &str) -> String {
    format!("\nmoved {{\n  from = {SOLUTION}\n  to   = {to}\n}}\n")
}

fn moved_block_changes_only_the_state(scene: Scene) {
    managed(&scene);
    let before = scene.state().attributes(SOLUTION).cloned();
    scene.configure(&(renamed(&scene) + &moved(RENAMED)));

    scene.assert_no_changes();
    let finished = scene.apply();

    assert!(finished.words().contains(&format!("{SOLUTION} has moved to {RENAMED}")), "Terraform reports the move");
    scene.azure.assert_only_read();
    scene.assert_state([RENAMED]);
    assert_eq!(scene.state().attributes(RENAMED).cloned(), before, "the attributes are unchanged");
    scene.configure(&renamed(&scene));
    scene.assert_no_changes();
}

fn move_into_for_each_changes_only_the_state(scene: Scene) {
    const EACH: &str = "sentinel_content_hub_solution.each[\"soc\"]";
    managed(&scene);
    let each =
        solution("X").replace("\"X\"", "each.value").replace("\"this\" {", "\"each\" {\n  for_each = local.all\n");
    let all = format!("locals {{\n  all = {{ soc = \"{}\" }}\n}}\n\n", scene.azure.workspace("law-soc"));
    scene.configure(&(all + &each + &moved(EACH)));

    scene.assert_no_changes();
    scene.apply();

    scene.azure.assert_only_read();
    scene.assert_state([EACH]);
    scene.assert_no_changes();
}

fn rename_without_a_moved_block_warns_in_the_plan(scene: Scene) {
    managed(&scene);
    scene.configure(&renamed(&scene));

    let finished = scene.succeed(&["plan", "-no-color"]);

    assert_says(&finished, &["This plan destroys and creates the solution", "a `moved` block keeps the solution"]);
    scene.assert_plans([(SOLUTION, Action::Delete), (RENAMED, Action::Create)]);
    scene.azure.assert_only_read();
}

fn rename_without_a_moved_block_keeps_the_solution_installed(scene: Scene) {
    managed(&scene);
    scene.configure(&renamed(&scene));

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_state([RENAMED]);
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_uninstalled("law-soc");
}
