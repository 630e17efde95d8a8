//! Versions of solutions: pinned versions, constraints, and new versions in the catalog.

use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, NEWEST, SOLUTION, Scene, offer, solution, solution_with};

scenarios![
    installs_a_pinned_version_that_is_the_newest,
    unavailable_pinned_version_fails_the_plan,
    pinned_version_never_downgrades,
    unsatisfiable_constraint_fails_the_plan,
    newer_version_alone_plans_no_change,
    track_latest_upgrades_to_the_newest_version,
    changed_pinned_version_upgrades_in_place,
    rejects_an_invalid_version,
    rejects_both_selectors_and_none,
    suggests_similar_content_ids,
];

fn installs_a_pinned_version_that_is_the_newest(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version = \"3.0.3\""));

    scene.apply();

    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.assert_no_changes();
}

fn unavailable_pinned_version_fails_the_plan(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version = \"3.0.2\""));

    scene.plan_fails(&["The catalog does not offer this version", "3.0.2", "offers only its newest version, 3.0.3"]);

    scene.azure.assert_only_read();
}

fn pinned_version_never_downgrades(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  version = \"2.0.1\""));

    scene.plan_fails(&["A newer version is installed", "3.0.3"]);

    scene.azure.assert_only_read();
}

fn unsatisfiable_constraint_fails_the_plan(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version_constraint = \">= 4.0.0\""));

    scene.plan_fails(&["No version meets the constraint", "3.0.3"]);

    scene.azure.assert_only_read();
}

fn newer_version_alone_plans_no_change(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    let scene = scene.in_a_world(|world| offer(world, "3.1.0"));

    scene.assert_no_changes();
    scene.apply();

    assert_eq!(
        scene.state().attributes(SOLUTION).map(|solution| solution["update_available"].clone()),
        Some(true.into())
    );
    assert_eq!(scene.azure.registered("law-soc").as_deref(), Some(NEWEST));
}

fn track_latest_upgrades_to_the_newest_version(scene: Scene) {
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  track_latest = true"));
    scene.apply();
    let scene = scene.in_a_world(|world| offer(world, "3.1.0"));

    let plan = scene.assert_plans([(SOLUTION, Action::Update)]);
    let change = plan.change(SOLUTION).expect("it is planned");
    assert_eq!(
        (&change.before["installed_version"], &change.after["installed_version"]),
        (&"3.0.3".into(), &"3.1.0".into())
    );
    scene.apply();

    scene.azure.assert_installed("law-soc", "3.1.0");
    let product = scene.attribute(SOLUTION, "content_product_id");
    assert_ne!(change.before["content_product_id"], product.as_str(), "it belongs to the new version");
    scene.assert_no_changes();
}

fn changed_pinned_version_upgrades_in_place(scene: Scene) {
    let pinned = |scene: &Scene, version: &str| {
        scene.configure(&solution_with(&scene.azure.workspace("law-soc"), &format!("  version = \"{version}\"")));
    };
    pinned(&scene, "3.0.3");
    scene.apply();
    let scene = scene.in_a_world(|world| offer(world, "3.1.0"));
    scene.assert_no_changes();
    scene.azure.clear_requests();
    pinned(&scene, "3.1");

    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.apply();

    scene.azure.assert_installed("law-soc", "3.1.0");
    scene.azure.assert_requests("PUT", "/Microsoft.Resources/deployments/", 1);
    assert_eq!(scene.attribute(SOLUTION, "version"), "3.1", "as the configuration writes it");
    scene.assert_no_changes();
}

fn rejects_an_invalid_version(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&solution_with(&workspace, "  version = \"newest\""));
    scene.fail(&["validate", "-no-color"], &["numbers separated by dots", "newest"]);
    scene.configure(&solution_with(&workspace, "  version_constraint = \"^3\""));
    scene.fail(&["validate", "-no-color"], &["^3"]);
    scene.configure(&solution_with(&workspace, "  version = \"2.0.1\"\n  version_constraint = \">= 3.0.0\""));
    scene.fail(&["validate", "-no-color"], &["2.0.1", ">= 3.0.0"]);

    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn rejects_both_selectors_and_none(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&solution_with(&workspace, "  display_name = \"Microsoft Defender for Cloud\""));
    scene.fail(&["validate", "-no-color"], &["content_id", "display_name"]);
    scene.configure(&solution(&workspace).replace(&format!("content_id   = \"{CONTENT_ID}\""), ""));
    scene.fail(&["validate", "-no-color"], &["content_id", "display_name"]);
}

fn suggests_similar_content_ids(scene: Scene) {
    let wrong = solution(&scene.azure.workspace("law-soc")).replace("defenderforcloud", "defenderforclouds");
    scene.configure(&wrong);

    scene.plan_fails(&["No such solution", CONTENT_ID]);
}
