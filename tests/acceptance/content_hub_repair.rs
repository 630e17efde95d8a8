//! Solutions whose content has gone missing: recognised at refresh, repaired by the plan, with the reason.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, NEWEST, SOLUTION, Scene, solution};

scenarios![
    puts_a_missing_page_back,
    puts_missing_templates_back,
    is_the_same_in_any_spelling_of_its_content_id,
    replaces_an_orphan_that_owns_the_content_id,
    installs_what_was_only_registered,
    installs_again_what_was_uninstalled_elsewhere,
];

/// The solution in law-soc is managed.
fn managed(scene: &Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.forget_requests();
}

fn is_repaired(scene: &Scene, reason: &str) {
    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.azure.assert_only_read();

    let finished = scene.apply();

    assert!(finished.words().contains("The solution is installed again"));
    assert!(finished.words().contains(reason), "the reason should be told: {reason}");
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

fn puts_a_missing_page_back(scene: Scene) {
    managed(&scene);
    scene.azure.delete(&scene.azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased"));

    is_repaired(&scene, "its connector pages are missing: MicrosoftDefenderForCloudTenantBased");
}

fn is_the_same_in_any_spelling_of_its_content_id(scene: Scene) {
    let upper = solution(&scene.azure.workspace("law-soc")).replace(CONTENT_ID, &CONTENT_ID.to_uppercase());
    scene.configure(&upper);
    scene.apply();
    scene.azure.delete(&scene.azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased"));

    is_repaired(&scene, "its connector pages are missing");
}

fn puts_missing_templates_back(scene: Scene) {
    managed(&scene);
    for name in scene.azure.templates("law-soc") {
        scene.azure.delete(&scene.azure.sentinel("law-soc", &format!("contentTemplates/{name}")));
    }

    is_repaired(&scene, "its content templates are missing");
}

fn replaces_an_orphan_that_owns_the_content_id(scene: Scene) {
    managed(&scene);
    let own = scene.azure.sentinel("law-soc", &format!("contentPackages/{CONTENT_ID}"));
    let mut package = scene.azure.document(&own).expect("it is registered");
    scene.azure.delete(&own);
    let orphan = scene.azure.sentinel("law-soc", "contentPackages/orphan-sl-1");
    package["id"] = Value::from(orphan.as_str());
    package["name"] = json!("orphan-sl-1");
    scene.azure.put(&orphan, &package);

    is_repaired(&scene, "orphan-sl-1");
}

fn installs_what_was_only_registered(scene: Scene) {
    // What a PUT of the registration alone leaves: the solution looks installed, and its page is not there.
    for collection in ["contentTemplates", "dataConnectors", "metadata"] {
        for name in scene.azure.names("law-soc", collection) {
            scene.azure.delete(&scene.azure.sentinel("law-soc", &format!("{collection}/{name}")));
        }
    }
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    let finished = scene.apply();

    assert!(finished.words().contains("The solution is installed again"));
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

fn installs_again_what_was_uninstalled_elsewhere(scene: Scene) {
    managed(&scene);
    scene.azure.uninstall("law-soc");

    scene.assert_plans([(SOLUTION, Action::Create)]);
    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}
