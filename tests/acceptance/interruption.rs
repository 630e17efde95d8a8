//! A run that is broken off: what Azure took is in the state, and nobody stays behind.

use std::time::Duration;

use serde_json::json;

use crate::support::{CONNECTOR, NEWEST, SOLUTION, Scene, assert_says, connector, solution, wait_until};

scenarios![ctrl_c_saves_the_created_connector, ctrl_c_cancels_the_deployment, exits_if_the_cli_is_killed];

fn ctrl_c_saves_the_created_connector(scene: Scene) {
    // Given a create that Azure has carried out and has not answered yet.
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "delay_ms": 2000 }));
    let running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the write", Duration::from_secs(30), || scene.azure.fault_hits() > 0);

    // When the user presses Ctrl-C, which reaches the CLI and the provider alike.
    running.interrupt().expect("it can be interrupted");
    scene.finish(running);

    // Then the state knows what is in Azure, and can take it away again.
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    scene.azure.clear_faults();
    scene.destroy();
    scene.azure.assert_silent("law-soc");
}

fn ctrl_c_cancels_the_deployment(scene: Scene) {
    let scene = scene
        .with_behaviors(&json!({"deployment_rules": [{"resource": "/contentTemplates/", "times": 1, "hang": true}]}));
    scene.azure.uninstall("law-soc");
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    let running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the deployment", Duration::from_secs(60), || scene.azure.requests().count("GET", "/operations") > 0);

    running.interrupt().expect("it can be interrupted");
    let finished = scene.finish(running);

    assert!(finished.words().contains("Azure canceled the deployment"), "the error says so");
    scene.azure.assert_requests("POST", "/cancel", 1);
    scene.assert_state([SOLUTION]);
    scene.apply();
    scene.azure.assert_installed("law-soc", NEWEST);
    scene.assert_settled();
}

fn exits_if_the_cli_is_killed(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "delay_ms": 1500 }));
    let mut running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the write", Duration::from_secs(30), || scene.azure.fault_hits() > 0);
    #[cfg(target_os = "linux")]
    assert!(!scene.provider_processes().is_empty(), "the provider is at work");

    running.kill().expect("it can be killed");

    #[cfg(target_os = "linux")]
    wait_until("the provider to leave", Duration::from_secs(20), || scene.provider_processes().is_empty());
    scene.finish(running);
    // The write had arrived. The CLI could not save it, so the next plan must find it and say how to take it over.
    scene.azure.assert_streams("law-soc");
    scene.azure.clear_faults();
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["import {"]);
}
