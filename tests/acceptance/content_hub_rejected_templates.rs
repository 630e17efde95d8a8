//! Templates that Resource Manager rejects: the message, the state, and that the next
//! apply succeeds after the publisher has fixed the template.

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
    let scene = scene.in_a_world(|world| spoil(world, json!("x".repeat(LIMIT))));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "Azure rejected the ARM template",
        "413 RequestContentTooLarge: The request content size exceeds the maximum size of '4194304' bytes.",
    ]);

    is_half_there(&scene);
    converges_once_mended(scene);
}

fn reports_a_template_with_an_unknown_function(scene: Scene) {
    let scene = scene.in_a_world(|world| spoil(world, json!("[noSuchFunction('a')]")));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "Azure rejected the ARM template",
        "400 InvalidTemplate: Deployment template validation failed",
        "The template function 'noSuchFunction' is not valid",
    ]);

    is_half_there(&scene);
    converges_once_mended(scene);
}

fn rejected_upgrade_keeps_the_state(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  track_latest = true"));
    scene.apply();
    let scene = scene.in_a_world(|world| {
        offer(world, "3.1.0");
        spoil(world, json!("[noSuchFunction('a')]"));
    });

    scene.apply_fails(&["InvalidTemplate", "noSuchFunction"]);

    assert!(!scene.state().is_tainted(SOLUTION), "the solution is there");
    assert_eq!(scene.azure.registered("law-soc").as_deref(), Some("3.1.0"), "it is registered before it is deployed");
    assert_eq!(scene.azure.templates("law-soc").len(), 3, "the content of the old version stays");
    let scene = scene.in_a_world(mend);
    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.apply();
    scene.azure.assert_installed("law-soc", "3.1.0");
    scene.assert_settled();
}

/// The solution is registered, none of its content is there, and nothing was deployed.
#[track_caller]
fn is_half_there(scene: &Scene) {
    assert!(scene.state().is_tainted(SOLUTION));
    assert_eq!(scene.azure.registered("law-soc").as_deref(), Some(NEWEST));
    assert_eq!(scene.azure.templates("law-soc"), Vec::<String>::new());
    assert!(!scene.azure.ids().iter().any(|id| id.contains("/deployments/")), "a refused deployment does not exist");
}

fn converges_once_mended(scene: Scene) {
    let scene = scene.in_a_world(mend);

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

/// Has the template of the solution say something more, in an output.
fn spoil(world: &mut Map<String, Value>, value: Value) {
    template(world)["outputs"] = json!({"more": {"type": "string", "value": value}});
}

fn mend(world: &mut Map<String, Value>) {
    template(world)["outputs"] = json!({});
}

fn template(world: &mut Map<String, Value>) -> &mut Value {
    let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
    let package = packages.iter_mut().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer");
    &mut package["packagedContent"]
}
