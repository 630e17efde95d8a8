//! The lifecycle of an onboarding: create, protect, adopt, import, drift and destroy.

use std::time::Duration;

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says};

const ONBOARDING: &str = "sentinel_workspace_onboarding.this";

scenarios![
    waits_until_every_sentinel_api_responds,
    rejects_a_workspace_that_is_already_onboarded,
    adopts_with_adopt_existing,
    rejects_adopting_another_key_setting,
    changed_key_setting_replaces_the_onboarding,
    warns_before_replacing_a_tainted_onboarding,
    rejects_a_destroy_while_protected,
    recreates_an_onboarding_removed_outside_terraform,
    explains_an_error_caused_by_the_workspace_name,
    explains_a_missing_role,
    rejects_malformed_arguments,
    imports_by_onboarding_state_id,
    plans_an_unknown_workspace;
    every_cli:
    onboards_and_offboards_a_workspace,
    onboards_and_connects_in_one_apply,
    imports_with_generated_configuration;
    with_identities:
    imports_by_identity,
];

fn onboarding(scene: &Scene, workspace: &str, arguments: &str) -> String {
    let id = scene.azure.workspace(workspace);
    format!("resource \"sentinel_workspace_onboarding\" \"this\" {{\n  workspace_id = \"{id}\"\n{arguments}\n}}\n")
}

fn document(scene: &Scene, workspace: &str) -> Option<Value> {
    let workspace = scene.azure.workspace(workspace);
    scene.azure.document(&format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default"))
}

fn onboards_and_offboards_a_workspace(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-fresh", "  timeouts {\n    create = \"10m\"\n  }"));

    scene.assert_plans([(ONBOARDING, Action::Create)]);
    scene.azure.assert_only_read();
    scene.apply();

    assert_eq!(
        document(&scene, "law-fresh").expect("it is onboarded")["properties"],
        json!({"customerManagedKey": false})
    );
    assert_eq!(scene.azure.requests().writes(), 1);
    scene.azure.clear_requests();
    scene.assert_no_changes();
    assert_eq!(scene.azure.requests().count("GET", "/law-fresh"), 1, "a refresh sends one request");

    let destroyed = scene.destroy();

    assert_says(
        &destroyed,
        &["This plan removes Microsoft Sentinel from the workspace law-fresh", "0 data connectors, 0 analytics rules"],
    );
    assert_eq!(document(&scene, "law-fresh"), None);
    scene.assert_state([]);
}

fn onboards_and_connects_in_one_apply(scene: Scene) {
    let others = "resource \"sentinel_dfc_tenant_connector\" \"this\" {\n  \
                     workspace_id = sentinel_workspace_onboarding.this.workspace_id\n}\n\n\
                  resource \"sentinel_incident_creation_rule\" \"this\" {\n  \
                     workspace_id = sentinel_workspace_onboarding.this.workspace_id\n  \
                     name = \"iot\"\n  display_name = \"IoT\"\n  product_filter = \"Azure Security Center for IoT\"\n}\n";
    scene.configure(&(onboarding(&scene, "law-fresh", "") + others));

    let applied = scene.apply();

    assert!(!applied.words().contains("has not been added"), "the same run onboards it: {}", applied.words());
    scene.azure.assert_streams("law-fresh");
    scene.assert_no_changes();

    let workspace = scene.azure.workspace("law-fresh");
    scene.azure.delete(&format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default"));
    let words = scene.succeed(&["plan", "-no-color"]).words();
    assert_eq!(words.matches("no longer has Microsoft Sentinel").count(), 1, "{words}");
    assert!(!words.contains("similar warning") && !words.contains("has not been added"), "{words}");
    scene.destroy();
    assert_eq!(document(&scene, "law-fresh"), None);
}

fn waits_until_every_sentinel_api_responds(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        world["world"]["behaviors"]["onboarding_visible_after_seconds"] = json!(1);
        world["world"]["behaviors"]["onboarding_effective_after_seconds"] = json!(3);
    });
    scene.configure(&onboarding(&scene, "law-fresh", ""));

    scene.apply();

    let requests = scene.azure.requests();
    assert!(requests.count("GET", "/law-fresh/providers/Microsoft.SecurityInsights/dataConnectors") >= 2);
    scene.azure.advance_clock(Duration::from_secs(60));
    scene.assert_no_changes();
}

fn rejects_a_workspace_that_is_already_onboarded(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-soc", ""));

    scene.plan();
    scene.apply_fails(&["already onboarded", "import {", "adopt_existing = true"]);

    scene.azure.assert_only_read();
}

fn adopts_with_adopt_existing(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-soc", "  adopt_existing = true"));

    let applied = scene.apply();

    assert_says(&applied, &["already onboarded", "is adopted"]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}

fn rejects_adopting_another_key_setting(scene: Scene) {
    let arguments = "  adopt_existing = true\n  customer_managed_key_enabled = true";
    scene.configure(&onboarding(&scene, "law-soc", arguments));

    assert_says(&scene.succeed(&["plan", "-no-color"]), &["`customer_managed_key_enabled` differs from the workspace"]);
    scene.apply_fails(&["customer_managed_key_enabled = false"]);

    scene.azure.assert_only_read();
}

fn changed_key_setting_replaces_the_onboarding(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-fresh", ""));
    scene.apply();
    scene.configure(&onboarding(&scene, "law-fresh", "  customer_managed_key_enabled = true"));

    scene.assert_plans([(ONBOARDING, Action::Replace)]);
    scene.apply();

    assert_eq!(
        document(&scene, "law-fresh").expect("it is onboarded")["properties"],
        json!({"customerManagedKey": true})
    );
    scene.assert_no_changes();
}

fn warns_before_replacing_a_tainted_onboarding(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-fresh", ""));
    scene.apply();
    scene.succeed(&["taint", ONBOARDING]);

    let planned = scene.succeed(&["plan", "-no-color"]);

    assert_says(&planned, &["A tainted onboarding will be removed first: law-fresh", "0 data connectors"]);
}

fn rejects_a_destroy_while_protected(scene: Scene) {
    let protected = onboarding(&scene, "law-fresh", "  deletion_protection = true");
    scene.configure(&protected);
    scene.apply();

    let rejected = scene
        .fail(&["destroy", "-auto-approve", "-no-color"], &["protected from deletion", "deletion_protection = false"]);
    assert!(!rejected.words().contains("-refresh=false"), "it does not help: {}", rejected.words());
    scene.configure(
        &(protected.replace(
            "deletion_protection = true",
            "deletion_protection = true\n  customer_managed_key_enabled = true",
        )),
    );
    scene.plan_fails(&["protected from deletion"]);
    assert!(document(&scene, "law-fresh").is_some());

    scene.configure(&onboarding(&scene, "law-fresh", ""));
    scene.azure.clear_requests();
    scene.apply();
    scene.azure.assert_only_read();
    scene.destroy();
    assert_eq!(document(&scene, "law-fresh"), None);
}

fn recreates_an_onboarding_removed_outside_terraform(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-fresh", ""));
    scene.apply();
    let workspace = scene.azure.workspace("law-fresh");
    scene.azure.delete(&format!("{workspace}/providers/Microsoft.SecurityInsights/onboardingStates/default"));

    scene.assert_plans([(ONBOARDING, Action::Create)]);
    scene.apply();

    assert!(document(&scene, "law-fresh").is_some());
    scene.assert_no_changes();
}

fn explains_an_error_caused_by_the_workspace_name(scene: Scene) {
    let name = "DefaultWorkspace-3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58-WEU";
    let id = scene.azure.workspace("law-fresh").replace("law-fresh", name);
    let mut workspace = scene.azure.document(&scene.azure.workspace("law-fresh")).expect("it exists");
    (workspace["id"], workspace["name"]) = (json!(id), json!(name));
    scene.azure.put(&id, &workspace);
    scene.azure.inject(json!({ "method": "PUT", "path": "/onboardingStates/", "status": 400,
        "body": { "error": { "code": "BadRequest", "message": "The workspace is not supported." } } }));
    scene.configure(&onboarding(&scene, "law-fresh", "").replace("law-fresh", name));

    scene.apply_fails(&[
        "Azure will probably reject the onboarding of DefaultWorkspace",
        "A default workspace of Defender for Cloud cannot be onboarded",
        "The workspace is not supported.",
    ]);

    scene.assert_state([]);
}

fn explains_a_missing_role(scene: Scene) {
    scene.configure(&onboarding(&scene, "law-fresh", "  timeouts {\n    create = \"4s\"\n  }"));
    scene.azure.inject(json!({ "method": "PUT", "path": "/onboardingStates/", "status": 403,
        "body": { "error": { "code": "AuthorizationFailed", "message": "The client does not have authorization." } } }));

    scene.apply_fails(&["onboarding the workspace", "Microsoft Sentinel Contributor"]);

    scene.assert_state([]);
}

fn rejects_malformed_arguments(scene: Scene) {
    for (arguments, sentence) in [
        ("workspace_id = \"law-soc\"", "law-soc"),
        ("workspace_id = \"law-soc\"\n  deletion_protection = \"perhaps\"", "deletion_protection"),
    ] {
        scene.configure(&format!("resource \"sentinel_workspace_onboarding\" \"this\" {{\n  {arguments}\n}}\n"));

        scene.fail(&["validate", "-no-color"], &[sentence]);
    }
    assert_eq!(scene.azure.requests().all().len(), 0);
}

fn imports_by_onboarding_state_id(scene: Scene) {
    let id = scene.azure.workspace("law-portal");
    scene.configure(&onboarding(&scene, "law-portal", ""));

    let state = format!("{id}/providers/Microsoft.SecurityInsights/onboardingStates/default");
    scene.succeed(&["import", "-no-color", ONBOARDING, &state]);

    scene.azure.assert_only_read();
    scene.assert_no_changes();
    scene.fail(
        &["import", "-no-color", "sentinel_workspace_onboarding.other", &scene.azure.workspace("law-fresh")],
        &["sentinel_workspace_onboarding.other"],
    );
}

fn imports_with_generated_configuration(scene: Scene) {
    let id = scene.azure.workspace("law-portal");
    scene.configure(&format!("import {{\n  to = {ONBOARDING}\n  id = \"{id}\"\n}}\n"));

    scene.assert_generates(ONBOARDING);
}

fn imports_by_identity(scene: Scene) {
    let id = scene.azure.workspace("law-portal");
    let block = format!("import {{\n  to = {ONBOARDING}\n  identity = {{\n    workspace_id = \"{id}\"\n  }}\n}}\n");
    scene.configure(&block);

    scene.assert_generates(ONBOARDING);
}

fn plans_an_unknown_workspace(scene: Scene) {
    let id = scene.azure.workspace("law-fresh");
    scene.configure(&format!(
        "resource \"terraform_data\" \"workspace\" {{\n  input = \"{id}\"\n}}\n\n\
         resource \"sentinel_workspace_onboarding\" \"this\" {{\n  workspace_id = terraform_data.workspace.output\n}}\n"
    ));

    scene.apply();

    assert!(document(&scene, "law-fresh").is_some());
    scene.assert_no_changes();
}
