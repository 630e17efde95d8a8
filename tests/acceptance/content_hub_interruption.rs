//! Installations that are interrupted by a timeout or by a lost response.

use std::time::Duration;

use serde_json::json;

use crate::support::{NEWEST, SOLUTION, Scene, solution, solution_with};

scenarios![
    times_out_and_names_the_deployment,
    cancels_a_running_deployment_before_uninstall,
    cancels_a_running_deployment_before_reinstall,
    finds_its_own_deployment_after_a_lost_response,
    reaches_an_empty_plan_if_any_response_is_lost,
];

fn times_out_and_names_the_deployment(scene: Scene) {
    let scene = scene.with_behaviors(&json!({"deployment_rules": [{"resource": "/contentTemplates/", "hang": true}]}));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  timeouts {\n    create = \"8s\"\n  }"));

    let finished = scene.apply_fails(&[
        "is still running",
        "Not finished: - Microsoft.SecurityInsights/contentTemplates/",
        "timeouts",
    ]);

    assert!(finished.took < Duration::from_secs(40), "the timeout is 8 s");
    assert!(scene.state().is_tainted(SOLUTION));
    scene.azure.assert_requests("POST", "/cancel", 0);
}

/// A scene in which an installation has timed out, and Azure still runs its deployment.
fn with_a_running_deployment(scene: Scene) -> Scene {
    let scene = scene.with_behaviors(&json!({"deployment_milliseconds": 15_000}));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), "  timeouts {\n    create = \"5s\"\n  }"));
    scene.apply_fails(&["is still running"]);
    scene
}

fn cancels_a_running_deployment_before_uninstall(scene: Scene) {
    let scene = with_a_running_deployment(scene);

    scene.destroy();

    scene.azure.assert_requests("POST", "/cancel", 1);
    scene.azure.advance_clock(Duration::from_secs(16));
    scene.azure.assert_uninstalled("law-soc");
}

fn cancels_a_running_deployment_before_reinstall(scene: Scene) {
    let scene = with_a_running_deployment(scene);
    scene.configure(&solution(&scene.azure.workspace("law-soc")));

    scene.apply();

    scene.azure.assert_requests("POST", "/cancel", 1);
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_no_changes();
}

fn finds_its_own_deployment_after_a_lost_response(scene: Scene) {
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
    scene.assert_no_changes();
}

/// Loses the response to a request and rejects the next request, because a retry would hide the loss. The unit tests
/// test every request, so this test needs only some of them.
fn reaches_an_empty_plan_if_any_response_is_lost(scene: Scene) {
    const AZURE: &str = "^/subscriptions/";
    const EVERY: usize = 5;
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.azure.clear_requests();
    scene.apply();
    let steps = scene.azure.requests().to_arm().count();
    assert!(steps > 20, "{steps} requests are too few for an install");

    for step in (0..steps).step_by(EVERY) {
        scene.azure.uninstall("law-soc");
        let body = json!({"error": {"code": "AuthorizationFailed", "message": "Not this one."}});
        scene.azure.inject(json!({"path": AZURE, "skip": step + 1, "times": 1, "status": 403, "body": body}));
        scene.azure.inject(json!({"path": AZURE, "skip": step, "times": 1, "disconnect": "after"}));
        scene.run(&["apply", "-auto-approve", "-no-color"]);
        scene.azure.clear_faults();

        scene.apply();

        scene.azure.assert_installed("law-soc", NEWEST);
        scene.assert_no_changes();
    }
}
