//! Templates that Resource Manager rejects: the error, the state, and the next apply after the publisher has fixed the
//! template.

use serde_json::{Map, Value, json};
use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, NEWEST, SOLUTION, Scene, offer, solution, solution_with};

scenarios![
    reports_a_template_that_is_too_large,
    reports_a_template_with_an_unknown_function,
    rejected_upgrade_keeps_the_state,
];

const LIMIT: usize = 4 * 1024 * 1024;

fn reports_a_template_that_is_too_large(scene: Scene) {
    let scene = scene.in_a_world(|world| break_template(world, json!("x".repeat(LIMIT))));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "Azure rejected the ARM template",
        "413 RequestContentTooLarge: The request content size exceeds the maximum size of '4194304' bytes.",
    ]);

    assert_only_registered(&scene);
    succeeds_after_the_template_is_fixed(scene);
}

fn reports_a_template_with_an_unknown_function(scene: Scene) {
    let scene = scene.in_a_world(|world| break_template(world, json!("[noSuchFunction('a')]")));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "Azure rejected the ARM template",
        "400 InvalidTemplate: Deployment template validation failed",
        "The template function 'noSuchFunction' is not valid",
    ]);

    assert_only_registered(&scene);
    succeeds_after_the_template_is_fixed(scene);
}

fn rejected_upgrade_keeps_the_state(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  track_latest = true"));
    scene.apply();
    let scene = scene.in_a_world(|world| {
        offer(world, "3.1.0");
        break_template(world, json!("[noSuchFunction('a')]"));
    });

    scene.apply_fails(&["InvalidTemplate", "noSuchFunction"]);

    assert!(!scene.state().is_tainted(SOLUTION), "the solution exists");
    assert_eq!(scene.azure.registered("law-soc").as_deref(), Some("3.1.0"), "it is registered before it is deployed");
    assert_eq!(scene.azure.templates("law-soc").len(), 3, "the content of the old version stays");
    let scene = scene.in_a_world(fix_template);
    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.apply();
    scene.azure.assert_installed("law-soc", "3.1.0");
    scene.assert_no_changes();
}

/// Asserts that the solution is registered, but that it has no content and no deployment.
#[track_caller]
fn assert_only_registered(scene: &Scene) {
    assert!(scene.state().is_tainted(SOLUTION));
    assert_eq!(scene.azure.registered("law-soc").as_deref(), Some(NEWEST));
    assert_eq!(scene.azure.templates("law-soc"), Vec::<String>::new());
    assert!(!scene.azure.ids().iter().any(|id| id.contains("/deployments/")), "a rejected deployment does not exist");
}

fn succeeds_after_the_template_is_fixed(scene: Scene) {
    let scene = scene.in_a_world(fix_template);

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

/// Adds an output with this value to the template of the solution.
fn break_template(world: &mut Map<String, Value>, value: Value) {
    template(world)["outputs"] = json!({"more": {"type": "string", "value": value}});
}

fn fix_template(world: &mut Map<String, Value>) {
    template(world)["outputs"] = json!({});
}

fn template(world: &mut Map<String, Value>) -> &mut Value {
    let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
    let package = packages.iter_mut().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer");
    &mut package["packagedContent"]
}
