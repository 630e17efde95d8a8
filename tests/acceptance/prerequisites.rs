//! The data source `sentinel_dfc_prerequisites`: its results for users and service principals, and its use in
//! configurations.

use serde_json::{Value, json};

use crate::support::{CONNECTOR, Scene, assert_says, connector, connector_with};

scenarios![
    reports_a_service_principal_as_ready,
    precondition_fails_the_plan,
    check_block_warns_and_apply_continues,
    checks_a_prerequisite_created_in_the_same_apply,
    reports_a_failed_authentication,
];

#[cfg(unix)]
mod users {
    use super::*;

    scenarios![reports_an_owner_with_a_tenant_role_as_ready, explains_a_rejected_token_for_graph];

    fn reports_an_owner_with_a_tenant_role_as_ready(mut scene: Scene) {
        scene.use_azure_cli_as("soc-admin@contoso.onmicrosoft.com");

        let report = read(&scene, "law-soc");

        assert_eq!(report["ready"], true, "{report:#}");
        assert!(detail(&report, "tenant_role").contains("Security Administrator"), "through nested groups");
    }

    fn explains_a_rejected_token_for_graph(scene: Scene) {
        let mut scene = scene.in_a_world(|world| world["world"]["users"][0]["graph_scopes"] = json!([]));
        scene.use_azure_cli_as("soc-admin@contoso.onmicrosoft.com");

        let report = read(&scene, "law-soc");

        assert_eq!(report["ready"], Value::Null);
        assert_eq!(status(&report, "tenant_role"), "unknown");
        let detail = detail(&report, "tenant_role");
        assert!(detail.contains("AADSTS65001") && detail.contains("may be outdated"), "{detail}");
    }
}

const ADDRESS: &str = "data.sentinel_dfc_prerequisites.this";

fn data_source(workspace: &str) -> String {
    format!("data \"sentinel_dfc_prerequisites\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n")
}

fn read(scene: &Scene, workspace: &str) -> Value {
    scene.configure(&data_source(&scene.azure.workspace(workspace)));
    scene.apply();
    scene.azure.assert_only_read();
    let report = scene.state().attributes(ADDRESS).expect("it is in the state").clone();
    assert!(!report.to_string().contains("eyJ"), "no token is in the state");
    report
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("a list");
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no check {name}"))
}

fn status<'a>(report: &'a Value, name: &str) -> &'a str {
    check(report, name)["status"].as_str().expect("a status")
}

fn detail<'a>(report: &'a Value, name: &str) -> &'a str {
    check(report, name)["detail"].as_str().expect("a detail")
}

fn reports_a_service_principal_as_ready(scene: Scene) {
    let report = read(&scene, "law-soc");

    assert_eq!((&report["ready"], &report["failed"]), (&json!(true), &json!([])), "{report:#}");
    scene.succeed(&["plan", "-no-color", "-detailed-exitcode"]);
}

fn precondition_fails_the_plan(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    let precondition = "  lifecycle {\n    precondition {\n      condition     = \
                        data.sentinel_dfc_prerequisites.this.ready != false\n      error_message = join(\"\\n\", [for c in \
                        data.sentinel_dfc_prerequisites.this.checks : \"${c.name}: ${c.detail}\" if c.status == \
                        \"failed\"])\n    }\n  }";
    scene.configure(&(data_source(&workspace) + &connector_with(&workspace, precondition)));

    scene.apply_fails(&["Resource precondition failed", "solution_version: Version 2.0.1"]);

    scene.azure.assert_only_read();
    scene.assert_state([]);
}

fn check_block_warns_and_apply_continues(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    scene.configure(&format!(
        "check \"prerequisites\" {{\n  {}\n  assert {{\n    condition     = \
         data.sentinel_dfc_prerequisites.this.ready == true\n    error_message = \"Not met: ${{join(\", \", \
         data.sentinel_dfc_prerequisites.this.failed)}}.\"\n  }}\n}}\n{}",
        data_source(&workspace),
        connector(&workspace)
    ));

    let finished = scene.apply();

    assert_says(&finished, &["Check block assertion failed", "Not met: solution_version."]);
    scene.assert_state([CONNECTOR]);
}

fn checks_a_prerequisite_created_in_the_same_apply(scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    scene.configure(&format!(
        "resource \"sentinel_workspace_onboarding\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n{}",
        data_source(&workspace).replace("\n}", "\n  depends_on   = [sentinel_workspace_onboarding.this]\n}")
    ));

    scene.apply();

    let state = scene.state();
    let report = state.attributes(ADDRESS).expect("it is in the state");
    assert_eq!(status(report, "onboarded"), "passed");
    assert_eq!(report["failed"], json!(["solution_version"]));
}

fn reports_a_failed_authentication(mut scene: Scene) {
    scene.configure(&data_source(&scene.azure.workspace("law-soc")));
    scene.set("ARM_CLIENT_SECRET", "wrong-secret-of-this-test");

    scene.plan_fails(&["Wrong client secret"]);
}
