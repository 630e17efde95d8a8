//! Repair of solutions with missing content: the refresh detects it, and the plan repairs it and reports the reason.

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{CONTENT_ID, NEWEST, SOLUTION, Scene, solution, solution_with};

scenarios![
    restores_a_missing_connector_page,
    restores_missing_templates,
    ignores_the_case_of_the_content_id,
    replaces_a_stale_registration_with_the_same_content_id,
    installs_a_solution_that_is_only_registered,
    reinstalls_a_solution_uninstalled_outside_terraform,
    plan_lists_the_restored_content,
    ignore_changes_all_prevents_repairs,
    repairs_only_as_configured,
    repairs_after_the_private_state_is_lost,
];

/// Adopts the solution in law-soc.
fn managed(scene: &Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.clear_requests();
}

fn assert_repaired(scene: &Scene, reason: &str) {
    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.azure.assert_only_read();

    let finished = scene.apply();

    assert!(finished.words().contains("The solution will be repaired"));
    assert!(finished.words().contains(reason), "the output should contain the reason: {reason}");
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

fn restores_a_missing_connector_page(scene: Scene) {
    managed(&scene);
    scene.azure.delete(&scene.azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased"));

    assert_repaired(&scene, "its connector pages are missing: MicrosoftDefenderForCloudTenantBased");
}

fn ignores_the_case_of_the_content_id(scene: Scene) {
    let upper = solution(&scene.azure.workspace("law-soc")).replace(CONTENT_ID, &CONTENT_ID.to_uppercase());
    scene.configure(&upper);
    scene.apply();
    scene.azure.delete(&scene.azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased"));

    assert_repaired(&scene, "its connector pages are missing");
}

fn restores_missing_templates(scene: Scene) {
    managed(&scene);
    for name in scene.azure.templates("law-soc") {
        scene.azure.delete(&scene.azure.sentinel("law-soc", &format!("contentTemplates/{name}")));
    }

    assert_repaired(&scene, "its content templates are missing");
}

fn replaces_a_stale_registration_with_the_same_content_id(scene: Scene) {
    managed(&scene);
    let own = scene.azure.sentinel("law-soc", &format!("contentPackages/{CONTENT_ID}"));
    let mut package = scene.azure.document(&own).expect("it is registered");
    scene.azure.delete(&own);
    let orphan = scene.azure.sentinel("law-soc", "contentPackages/orphan-sl-1");
    package["id"] = Value::from(orphan.as_str());
    package["name"] = json!("orphan-sl-1");
    scene.azure.put(&orphan, &package);

    assert_repaired(&scene, "orphan-sl-1");
}

fn installs_a_solution_that_is_only_registered(scene: Scene) {
    // The result of a PUT of the content package alone: the solution looks installed, but its content is missing.
    for collection in ["contentTemplates", "dataConnectors", "metadata"] {
        for name in scene.azure.names("law-soc", collection) {
            scene.azure.delete(&scene.azure.sentinel("law-soc", &format!("{collection}/{name}")));
        }
    }
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    let finished = scene.apply();

    assert!(finished.words().contains("The solution will be repaired"));
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

fn reinstalls_a_solution_uninstalled_outside_terraform(scene: Scene) {
    managed(&scene);
    scene.azure.uninstall("law-soc");

    scene.assert_plans([(SOLUTION, Action::Create)]);
    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

/// Applies the solution in law-soc with `arguments`, and deletes one of its connector pages.
fn damaged(scene: &Scene, arguments: &str) {
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), arguments));
    scene.apply();
    scene.azure.delete(&scene.azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased"));
    scene.azure.clear_requests();
}

fn plan_lists_the_restored_content(scene: Scene) {
    damaged(&scene, "");

    let plan = scene.assert_plans([(SOLUTION, Action::Update)]);

    let change = plan.change(SOLUTION).expect("it is planned");
    let unknown = change.after_unknown.as_object().expect("an object");
    let unknown: Vec<&String> = unknown.iter().filter(|(_, value)| **value == true).map(|(name, _)| name).collect();
    assert_eq!(unknown, ["deployment_name"]);
    assert_eq!(change.after["connector_ids"].as_array().map(Vec::len), Some(2));
    scene.apply();
    scene.succeed(&["plan", "-no-color", "-refresh-only", "-detailed-exitcode"]);
}

fn ignore_changes_all_prevents_repairs(scene: Scene) {
    damaged(&scene, "  lifecycle {\n    ignore_changes = all\n  }");

    let finished = scene.apply();

    assert!(finished.words().contains("because of `ignore_changes = all`"), "{}", finished.words());
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn repairs_only_as_configured(scene: Scene) {
    damaged(&scene, "  repair = \"never\"");

    let finished = scene.apply();
    assert!(!finished.words().contains("damaged"), "{}", finished.words());
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  repair = \"warn\""));
    let finished = scene.apply();
    assert!(finished.words().contains("because `repair` is \"warn\""), "{}", finished.words());
    scene.azure.assert_only_read();
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  repair = \"sometimes\""));
    scene.fail(&["validate", "-no-color"], &["always", "sometimes"]);
}

/// If the destroy of a replacement fails, Terraform loses the private state.
fn repairs_after_the_private_state_is_lost(scene: Scene) {
    let refusal = json!({"status": 400, "code": "BadRequest", "message": "Not this one."});
    let rule = json!({"resource": "/contentTemplates/.*-ar-", "times": 1, "refuse": refusal});
    let scene = scene.with_behaviors(&json!({ "deployment_rules": [rule] }));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply_fails(&["The deployment of the solution failed"]);
    let locked = json!({"error": {"code": "ScopeLocked", "message": "The scope cannot be deleted."}});
    scene.azure.inject(json!({"method": "DELETE", "status": 409, "body": locked}));
    scene.apply_fails(&["ScopeLocked"]);
    scene.azure.clear_faults();
    scene.succeed(&["untaint", SOLUTION]);

    scene.assert_plans([(SOLUTION, Action::Update)]);
    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}
