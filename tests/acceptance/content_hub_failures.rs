//! Failed and delayed installations: the error contains Azure's message, and the next apply repairs the installation.

use serde_json::json;

use terraform_driver::plan::Action;

use crate::support::{NEWEST, SOLUTION, Scene, solution, solution_with};

scenarios![
    reports_failed_operations_and_repairs_them,
    retries_throttling_and_server_errors,
    reports_a_workspace_without_sentinel,
    failed_adoption_keeps_the_existing_solution,
    warns_before_replacing_a_tainted_solution,
];

fn reports_failed_operations_and_repairs_them(scene: Scene) {
    let refusal = json!({"status": 409, "code": "Conflict", "message": "Another change is in progress."});
    let rule =
        json!({"resource": "/dataConnectors/MicrosoftDefenderForCloudTenantBased", "times": 1, "refuse": refusal});
    let scene = scene.with_behaviors(&json!({ "deployment_rules": [rule] }));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "The deployment of the solution failed",
        "dataConnectors/MicrosoftDefenderForCloudTenantBased",
        "Conflict: Another change is in progress.",
        "az deployment operation group list",
        "Correlation ID",
    ]);

    scene.assert_state([SOLUTION]);
    assert!(scene.state().is_tainted(SOLUTION));
    scene.apply();
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

fn retries_throttling_and_server_errors(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.azure.inject(
        json!({"method": "PUT", "path": "/deployments/", "times": 1, "status": 429, "headers": {"Retry-After": "1"}}),
    );
    scene.azure.inject(json!({"method": "GET", "path": "/operationStatuses/", "times": 1, "status": 503}));
    scene.azure.inject(json!({"method": "GET", "path": "/contentTemplates", "times": 1, "truncate": 10}));

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
}

fn reports_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-fresh")));

    let finished = scene.plan();
    assert!(finished.change(SOLUTION).is_some(), "the same run may onboard it");
    scene.apply_fails(&["is not onboarded to Microsoft Sentinel", "sentinel_workspace_onboarding"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn failed_adoption_keeps_the_existing_solution(scene: Scene) {
    let refusal = json!({"status": 400, "code": "BadRequest", "message": "Not this one."});
    let rule = json!({"resource": "/contentTemplates/.*-ar-", "times": 1, "refuse": refusal});
    let scene = scene.with_behaviors(&json!({ "deployment_rules": [rule] }));
    scene.configure(&solution_with(&scene.azure.workspace("law-outdated"), "  version_constraint = \">= 3.0.0\""));

    scene.apply_fails(&["The deployment of the solution failed", "adopts the solution again"]);

    scene.assert_state([]);
    scene.assert_plans([(SOLUTION, Action::Create)]);
    scene.apply();
    scene.azure.assert_requests("DELETE", "/", 0);
    scene.azure.assert_installed("law-outdated", NEWEST);
    scene.assert_no_changes();
}

fn warns_before_replacing_a_tainted_solution(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.succeed(&["taint", SOLUTION]);

    let planned = scene.succeed(&["plan", "-no-color"]);

    let warning = "A tainted solution will be uninstalled first";
    assert!(planned.words().contains(warning), "{}", planned.words());
}
