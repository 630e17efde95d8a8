//! Interrupted runs: the state contains the created objects, and no process remains.

use std::time::Duration;

use serde_json::json;

use crate::support::{CONNECTOR, NEWEST, SOLUTION, Scene, assert_says, connector, solution, wait_until};

scenarios![ctrl_c_saves_the_created_connector, ctrl_c_cancels_the_deployment, provider_exits_if_terraform_is_killed];

fn ctrl_c_saves_the_created_connector(scene: Scene) {
    // Azure creates the connector, but delays its response.
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "delay_ms": 2000 }));
    let running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the write", Duration::from_secs(30), || scene.azure.fault_hits() > 0);

    // Terraform and the provider both receive Ctrl-C.
    running.interrupt().expect("it can be interrupted");
    scene.finish(running);

    // The state contains the connector, so that a destroy can delete it.
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    scene.azure.clear_faults();
    scene.destroy();
    scene.azure.assert_not_streaming("law-soc");
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
    scene.assert_no_changes();
}

fn provider_exits_if_terraform_is_killed(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "delay_ms": 1500 }));
    let mut running = scene.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the write", Duration::from_secs(30), || scene.azure.fault_hits() > 0);
    #[cfg(target_os = "linux")]
    assert!(!scene.provider_processes().is_empty(), "the provider is running");

    running.kill().expect("it can be killed");

    #[cfg(target_os = "linux")]
    wait_until("the provider to exit", Duration::from_secs(20), || scene.provider_processes().is_empty());
    scene.finish(running);
    // Azure received the write, but Terraform could not save the state. The next plan must find the connector and
    // suggest an import.
    scene.azure.assert_streams("law-soc");
    scene.azure.clear_faults();
    assert_says(&scene.succeed(&["plan", "-no-color"]), &["import {"]);
}
