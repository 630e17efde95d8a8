//! Deployments that fail, hang, are interrupted, or whose answers get lost.

use std::time::Duration;

use serde_json::json;

use crate::support::{NEWEST, SOLUTION, Scene, solution, solution_with, wait_until};

scenarios![
    tells_what_failed_and_repairs_it,
    gives_up_after_its_timeout_and_says_where_to_look,
    cancels_the_deployment_at_ctrl_c,
    finds_its_own_deployment_after_a_lost_answer,
    converges_wherever_the_install_breaks_off,
    sits_out_throttling_and_faults,
    tells_a_workspace_without_sentinel,
];

fn tells_what_failed_and_repairs_it(scene: Scene) {
    let refusal = json!({"status": 409, "code": "Conflict", "message": "Somebody else is at it."});
    let rule =
        json!({"resource": "/dataConnectors/MicrosoftDefenderForCloudTenantBased", "times": 1, "refuse": refusal});
    let scene = scene.behaving(&json!({ "deployment_rules": [rule] }));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&[
        "The deployment of the solution failed",
        "dataConnectors/MicrosoftDefenderForCloudTenantBased",
        "Conflict: Somebody else is at it.",
        "az deployment operation group list",
        "Correlation id",
    ]);

    scene.assert_state([SOLUTION]);
    assert!(scene.state().is_tainted(SOLUTION));
    scene.apply();
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

fn gives_up_after_its_timeout_and_says_where_to_look(scene: Scene) {
    let scene = scene.behaving(&json!({"deployment_rules": [{"resource": "/contentTemplates/", "hang": true}]}));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  timeouts {\n    create = \"8s\"\n  }"));

    let finished = scene.apply_fails(&["is still running", "az deployment operation group list", "timeouts"]);

    assert!(finished.took < Duration::from_secs(40), "the timeout is 8 s");
    assert!(scene.state().is_tainted(SOLUTION));
    scene.azure.assert_requests("POST", "/cancel", 0);
}

#[cfg(unix)]
fn cancels_the_deployment_at_ctrl_c(scene: Scene) {
    let scene =
        scene.behaving(&json!({"deployment_rules": [{"resource": "/contentTemplates/", "times": 1, "hang": true}]}));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    let running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the deployment", Duration::from_secs(60), || scene.azure.requests().count("GET", "/operations") > 0);

    running.interrupt().expect("it can be interrupted");
    let finished = scene.finish(running);

    assert!(finished.words().contains("was cancelled in Azure"), "it says so");
    scene.azure.assert_requests("POST", "/cancel", 1);
    scene.assert_state([SOLUTION]);
    scene.apply();
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

#[cfg(not(unix))]
fn cancels_the_deployment_at_ctrl_c(_: Scene) {}

fn finds_its_own_deployment_after_a_lost_answer(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    for part in ["/deployments/", "/contentPackages/"] {
        scene.azure.inject(json!({"method": "PUT", "path": part, "times": 1, "disconnect": "after"}));
    }

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    let deployments = scene
        .azure
        .ids()
        .into_iter()
        .filter(|id| id.rsplit_once("/deployments/").is_some_and(|(_, name)| !name.contains('/')));
    assert_eq!(deployments.count(), 1, "nothing is deployed twice");
    scene.azure.clear_faults();
    scene.assert_settled();
}

fn converges_wherever_the_install_breaks_off(scene: Scene) {
    // One refusal at each kind of request of the install, then an apply without.
    let steps = [
        ("GET", "/contentProductPackages/"),
        ("GET", "/workspaces/law-soc\\?"),
        ("PUT", "/contentPackages/"),
        ("PUT", "/deployments/"),
        ("GET", "/operationStatuses/"),
        ("GET", "/contentTemplates"),
        ("GET", "/dataConnectors"),
    ];
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    for (method, path) in steps {
        scene.azure.uninstall("law-soc");
        // a plan comes before each apply, and its reads are not what is meant
        let skip = if method == "GET" && !path.contains("operation") { 2 } else { 0 };
        let body = json!({"error": {"code": "AuthorizationFailed", "message": "Not this one."}});
        scene
            .azure
            .inject(json!({"method": method, "path": path, "skip": skip, "times": 1, "status": 403, "body": body}));
        scene.run(&["apply", "-auto-approve", "-no-color"]);
        scene.azure.clear_faults();

        scene.apply();

        scene.azure.assert_installed("law-soc", NEWEST);
        scene.assert_settled();
    }
}

fn sits_out_throttling_and_faults(scene: Scene) {
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

fn tells_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-fresh")));

    let finished = scene.plan();
    assert!(finished.change(SOLUTION).is_some(), "the same run may onboard it");
    scene.apply_fails(&[
        "is not onboarded to Microsoft Sentinel",
        "azurerm_sentinel_log_analytics_workspace_onboarding",
    ]);

    scene.assert_state([]);
}
