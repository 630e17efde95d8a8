//! Workspaces without Sentinel, and workspaces whose onboarding is not yet effective in every API.

use std::time::Duration;

use serde_json::json;

use crate::support::{CONNECTOR, Scene, assert_says, connector};

scenarios![
    reports_a_workspace_without_sentinel,
    reports_a_workspace_without_metadata,
    connects_after_onboarding,
    waits_until_the_onboarding_is_effective,
    warns_if_sentinel_was_removed,
];

fn reports_a_workspace_without_sentinel(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-fresh")));

    let finished = scene.apply_fails(&["law-fresh", "onboard"]);

    assert!(finished.took < Duration::from_secs(20), "waiting does not help");
    scene.azure.assert_only_read();
    scene.assert_state([]);
}

fn reports_a_workspace_without_metadata(scene: Scene) {
    reports_a_workspace_without_sentinel(without_metadata(scene));
}

fn warns_if_sentinel_was_removed(scene: Scene) {
    let scene = without_metadata(scene);
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector(&workspace));
    scene.apply();
    scene.azure.delete(&format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default"));

    let finished = scene.succeed(&["plan", "-no-color", "-refresh-only"]);
    assert_says(&finished, &["The workspace law-soc no longer has Microsoft Sentinel"]);

    let finished = scene.succeed(&["destroy", "-no-color", "-auto-approve", "-refresh=false"]);
    assert_says(&finished, &["The workspace law-soc no longer has Microsoft Sentinel"]);
    scene.assert_state([]);
}

/// A scene in which Azure returns the other of its two errors for a workspace without Sentinel.
fn without_metadata(scene: Scene) -> Scene {
    scene.in_a_world(|world| world["world"]["behaviors"]["missing_sentinel_is_not_found"] = true.into())
}

fn connects_after_onboarding(scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    scene.configure(&connector(&workspace));
    scene.apply_fails(&["onboard"]);

    onboard(&scene, &workspace);
    scene.apply();

    scene.azure.assert_streams("law-fresh");
    scene.assert_no_changes();
}

fn waits_until_the_onboarding_is_effective(scene: Scene) {
    // The onboarding state exists, but the API of the data connectors still rejects requests.
    let workspace = scene.azure.workspace("law-fresh");
    onboard(&scene, &workspace);
    let message = "Workspace 'law-fresh' is not onboarded to Microsoft Sentinel. Please onboard through the portal.";
    scene.configure(&connector(&workspace));
    scene.plan();
    scene.azure.inject(json!({ "path": "/law-fresh/.*/dataConnectors", "times": 2, "status": 400,
        "body": { "error": { "code": "BadRequest", "message": message } } }));

    scene.succeed(&["apply", "-no-color", "plan"]);

    assert_eq!(scene.azure.fault_hits(), 2);
    scene.azure.assert_streams("law-fresh");
    scene.assert_state([CONNECTOR]);
}

fn onboard(scene: &Scene, workspace: &str) {
    let id = format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default");
    scene.azure.put(
        &id,
        &json!({
            "id": id,
            "name": "default",
            "type": "Microsoft.SecurityInsights/onboardingStates",
            "properties": { "customerManagedKey": false },
        }),
    );
}
