//! Permissions: the documented ones are enough, and the provider waits for new ones. Errors contain Azure's code and a
//! remedy.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{NEWEST, Scene, connector, connector_with, solution};

scenarios![
    documented_actions_on_the_resource_group_suffice,
    documented_actions_for_a_connector_suffice,
    documented_actions_for_a_subscription_connector_suffice,
    documented_actions_for_onboarding_and_rules_suffice,
    waits_for_a_role_assigned_in_the_same_run,
    plans_a_connector_before_its_role_is_assigned,
    reports_a_missing_license,
    reports_a_missing_role,
    reports_an_unregistered_resource_provider,
    reports_a_disabled_subscription,
    reports_a_kind_unknown_to_the_api_version,
];

fn reports_a_missing_license(scene: Scene) {
    // Azure returns 401, but a new token would not help.
    let expected = ["License or consent is missing", "InvalidLicense", "Missing consent", "Security Administrator"];
    assert_write_rejected(&scene, 401, "InvalidLicense", "Missing consent", &expected);
}

fn reports_a_missing_role(scene: Scene) {
    let timeout = "  timeouts {\n    create = \"4s\"\n  }";
    scene.configure(&connector_with(&scene.azure.workspace("law-soc"), timeout));
    let message = "The client does not have authorization to perform action \
                   'Microsoft.SecurityInsights/dataConnectors/write'.";
    let body = json!({"error": {"code": "AuthorizationFailed", "message": message}});
    scene.azure.inject(json!({"method": "PUT", "path": "/dataConnectors/", "status": 403, "body": body}));

    scene.apply_fails(&[
        "Missing permission",
        "AuthorizationFailed",
        "dataConnectors/write",
        "The provider repeated the request for",
        "Assign the role Microsoft Sentinel Contributor on the workspace.",
    ]);

    assert!(scene.azure.requests().count("PUT", "/dataConnectors/") > 1, "a new role may take effect");
    scene.azure.assert_not_streaming("law-soc");
    scene.assert_state([]);
}

/// The same scene for an identity that has only the actions in these tables of the guide "Permissions", on these
/// scopes.
fn with_documented_role(scene: Scene, headings: &[&str], scopes: &[&str]) -> Scene {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guides/permissions.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let mut actions = Vec::new();
    for heading in headings {
        let (_, section) = guide.split_once(&format!("### {heading}\n")).expect("the section");
        let section = section.split("\n#").next().expect("its text");
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `Microsoft."));
        actions.extend(rows.filter_map(|row| row.split('`').next()).map(|action| format!("Microsoft.{action}")));
    }
    assert!(actions.len() >= 4, "the tables have actions: {actions:?}");
    scene.in_a_world(|world| {
        let principal = world["world"]["applications"][0]["object_id"].clone();
        world["world"]["roles"]["documented"] = json!({"actions": actions});
        let assign = |scope: &&str| json!({"principal_id": principal, "scope": scope, "role": "documented"});
        world["world"]["role_assignments"] = scopes.iter().map(assign).collect();
    })
}

fn documented_actions_on_the_resource_group_suffice(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let group = workspace.split("/providers/").next().expect("a resource group").to_owned();
    let scene = with_documented_role(scene, &["Connect alerts", "Install solutions"], &[&group]);
    scene.azure.uninstall("law-soc");
    scene.configure(&format!(
        "{}\n{}",
        solution(&workspace),
        connector_with(&workspace, "  depends_on = [sentinel_content_hub_solution.this]")
    ));

    scene.apply();

    scene.azure.assert_installed("law-soc", NEWEST);
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
    scene.destroy();
    scene.azure.assert_uninstalled("law-soc");
    scene.azure.assert_not_streaming("law-soc");
}

fn documented_actions_for_a_connector_suffice(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let scene = with_documented_role(scene, &["Connect alerts"], &[&workspace]);
    let xdr =
        format!("resource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n");
    scene.configure(&(connector(&workspace) + &xdr));

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
    scene.destroy();
    assert_eq!(scene.azure.connector("law-soc"), None);
}

fn documented_actions_for_a_subscription_connector_suffice(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let monitored = "/subscriptions/8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
    let scene = with_documented_role(scene, &["Connect subscriptions"], &[&workspace, monitored]);
    scene.configure(&format!(
        "resource \"sentinel_dfc_subscription_connector\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  subscription_id \
         = \"{monitored}\"\n  bidirectional_sync_enabled = true\n}}\n"
    ));

    let planned = scene.succeed(&["plan", "-no-color"]);
    assert!(!planned.words().contains("cannot be read"), "{}", planned.words());
    scene.apply();

    scene.assert_no_changes();
    scene.destroy();
}

fn documented_actions_for_onboarding_and_rules_suffice(scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    let scene = with_documented_role(scene, &["Onboard workspaces", "Manage incident creation rules"], &[&workspace]);
    scene.configure(&format!(
        "resource \"sentinel_workspace_onboarding\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n\n\
         resource \"sentinel_incident_creation_rule\" \"this\" {{\n  \
         workspace_id = sentinel_workspace_onboarding.this.workspace_id\n  display_name = \"IoT\"\n  \
         product_filter = \"Azure Security Center for IoT\"\n}}\n"
    ));

    scene.apply();

    scene.assert_no_changes();
    scene.destroy();
    scene.assert_state([]);
}

fn waits_for_a_role_assigned_in_the_same_run(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let body = json!({"error": {"code": "AuthorizationFailed", "message": "Not yet."}});
    scene.azure.inject(json!({"method": "PUT", "path": "/dataConnectors/", "times": 2, "status": 403, "body": body}));

    scene.apply();

    scene.azure.assert_requests("PUT", "/dataConnectors/", 3);
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn plans_a_connector_before_its_role_is_assigned(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let body = json!({"error": {"code": "AuthorizationFailed", "message": "Not yet."}});
    scene.azure.inject(json!({"method": "GET", "path": "/dataConnectors", "times": 2, "status": 403, "body": body}));

    let finished = scene.apply();

    assert!(finished.words().contains("Missing permission on the workspace law-soc"));
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn reports_an_unregistered_resource_provider(scene: Scene) {
    let message = "The subscription is not registered to use namespace 'Microsoft.SecurityInsights'.";
    assert_write_rejected(
        &scene,
        409,
        "MissingSubscriptionRegistration",
        message,
        &["MissingSubscriptionRegistration", "register"],
    );
}

fn reports_a_disabled_subscription(scene: Scene) {
    let message = "The subscription 's' is disabled and therefore marked as read only.";
    let expected = ["The subscription is disabled", "ReadOnlyDisabledSubscription", "reactivate"];
    assert_write_rejected(&scene, 409, "ReadOnlyDisabledSubscription", message, &expected);
}

fn reports_a_kind_unknown_to_the_api_version(scene: Scene) {
    let message = "Connector kind 'MicrosoftThreatProtection' is not supported in api-version: '2020-01-01'";
    assert_write_rejected(&scene, 400, "BadRequest", message, &["is not supported in api-version", "contract"]);
}

/// Asserts that the apply reports a rejected write with `sentences` and the correlation ID, without a retry.
fn assert_write_rejected(scene: &Scene, status: u16, code: &str, message: &str, sentences: &[&str]) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let body: Value = json!({ "error": { "code": code, "message": message } });
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "status": status, "body": body }));

    let finished = scene.apply_fails(sentences);

    assert!(finished.words().to_lowercase().contains("correlation id"), "Microsoft support needs it");
    assert!(finished.took < Duration::from_secs(20), "waiting does not help");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    scene.azure.assert_not_streaming("law-soc");
    scene.assert_state([]);
}
