//! `examples/complete`: one apply connects an empty workspace, and each alert and incident arrives once.

use serde_json::json;
use terraform_driver::plan::Action;

use crate::support::incident_rule::{assert_rule_is, put_rule, rule_id, rule_variable};
use crate::support::{AlertCount, AlertCounter, Scene, copy_example};

/// The subscriptions of the default world.
const SUBSCRIPTIONS: [&str; 2] = ["3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58", "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842"];

scenarios![
    waits_until_the_onboarding_is_effective,
    disables_a_rule_of_an_earlier_onboarding;
    every_cli:
    connects_an_empty_workspace_in_one_apply,
];

const CREATED: [(&str, Action); 4] = [
    ("sentinel_content_hub_solution.defender_for_cloud", Action::Create),
    ("sentinel_defender_xdr_connector.this", Action::Create),
    ("sentinel_dfc_tenant_connector.this", Action::Create),
    ("sentinel_workspace_onboarding.this", Action::Create),
];

fn connects_an_empty_workspace_in_one_apply(mut scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    scene.set("TF_VAR_workspace_id", &workspace);
    copy_example(&scene, "complete", &["main.tf"]);
    let mut counter = AlertCounter::new(&scene, "law-fresh");

    scene.assert_plans(CREATED);
    scene.azure.assert_only_read();
    let applied = scene.apply();
    let words = applied.words().replace("Warning: Provider development overrides", "");
    assert!(!words.contains("Warning:"), "an empty workspace has nothing to warn of: {}", applied.stdout);

    scene.azure.raise_alerts(SUBSCRIPTIONS);
    assert_eq!(counter.count(&scene), AlertCount::exactly_once(2));
    scene.azure.clear_requests();
    scene.assert_no_changes();
    let reads = scene.azure.requests().to_arm().count();
    assert!(reads <= CREATED.len() + 2, "one read for each resource and two that they share, but there were {reads}");

    scene.destroy();
    scene.assert_state([]);
    let sentinel = format!("{}/providers/microsoft.securityinsights/", workspace.to_lowercase());
    let left: Vec<String> = scene.azure.ids().into_iter().filter(|id| id.starts_with(&sentinel)).collect();
    assert!(left.iter().all(|id| id.contains("/incidents/")), "nothing is left but incidents: {left:#?}");
}

fn waits_until_the_onboarding_is_effective(scene: Scene) {
    let mut scene = scene.in_a_world(|world| {
        world["world"]["behaviors"]["onboarding_visible_after_seconds"] = json!(1);
        world["world"]["behaviors"]["onboarding_effective_after_seconds"] = json!(4);
    });
    let workspace = scene.azure.workspace("law-fresh");
    scene.set("TF_VAR_workspace_id", &workspace);
    copy_example(&scene, "complete", &["main.tf"]);

    scene.apply();

    scene.azure.assert_streams("law-fresh");
    scene.assert_no_changes();
}

fn disables_a_rule_of_an_earlier_onboarding(mut scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    put_rule(&scene, "law-fresh");
    scene.set("TF_VAR_workspace_id", &workspace);
    scene.set("TF_VAR_incident_creation_rules", &rule_variable());
    copy_example(&scene, "complete", &["main.tf"]);
    let mut counter = AlertCounter::new(&scene, "law-fresh");

    scene.apply();

    scene.azure.raise_alerts(SUBSCRIPTIONS);
    assert_eq!(counter.count(&scene), AlertCount::exactly_once(2));
    assert_rule_is(&scene, "law-fresh", false);
    scene.assert_no_changes();
    scene.destroy();
    assert_eq!(scene.azure.document(&rule_id(&scene, "law-fresh")), None, "as the variable's description says");
}
