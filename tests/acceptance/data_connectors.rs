//! The data source `sentinel_data_connectors`: lists connectors, and reports whether tenant-wide alerts are connected.

use serde_json::{Value, json};

use crate::support::{Scene, assert_says, connector};

scenarios![
    reports_whether_tenant_wide_alerts_are_connected,
    distinguishes_pages_from_connections,
    reports_null_if_only_defender_xdr_incidents_are_enabled,
    warns_in_a_check_block_until_the_alerts_are_connected,
    rejects_an_unsupported_api_version,
    timeout_error_names_the_configured_timeout,
];

const ADDRESS: &str = "data.sentinel_data_connectors.this";

fn data_source(workspace: &str) -> String {
    format!("data \"sentinel_data_connectors\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n")
}

fn read(scene: &Scene, workspace: &str) -> Value {
    scene.configure(&data_source(&scene.azure.workspace(workspace)));
    scene.apply();
    scene.azure.assert_only_read();
    scene.state().attributes(ADDRESS).expect("it is in the state").clone()
}

fn reports_whether_tenant_wide_alerts_are_connected(scene: Scene) {
    for (workspace, connected) in [("law-soc", false), ("law-portal", true)] {
        assert_eq!(read(&scene, workspace)["tenant_wide_dfc_connected"], connected, "{workspace}");
    }
    let portal = read(&scene, "law-portal");
    assert_eq!(portal["connected_subscription_ids"].as_array().map(Vec::len), Some(1));
    assert!(portal["tenant_wide_dfc_connector_name"].is_string());
}

fn distinguishes_pages_from_connections(scene: Scene) {
    let soc = read(&scene, "law-soc");

    let connectors = soc["connectors"].as_array().expect("a list");
    assert_eq!(connectors.len(), 2, "the pages of the solution");
    for page in connectors {
        assert_eq!((&page["is_page"], &page["connected"]), (&json!(true), &json!(false)), "{page}");
    }
}

fn reports_null_if_only_defender_xdr_incidents_are_enabled(scene: Scene) {
    let id = scene.azure.sentinel("law-soc", "dataConnectors/b2a0c7de-4f51-4c8e-9d36-70e1f5a8c924");
    let properties = json!({
        "tenantId": scene.variable("ARM_TENANT_ID"),
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}},
    });
    scene.azure.put(&id, &json!({"kind": "MicrosoftThreatProtection", "properties": properties}));

    let soc = read(&scene, "law-soc");

    assert_eq!(soc["tenant_wide_dfc_connected"], Value::Null);
    assert!(soc["tenant_wide_dfc_reason"].as_str().is_some_and(|reason| reason.contains("SecurityAlert")));
}

fn warns_in_a_check_block_until_the_alerts_are_connected(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let check = "check \"connected\" {\n  assert {\n    condition     = \
                 data.sentinel_data_connectors.this.tenant_wide_dfc_connected == true\n    error_message = \
                 data.sentinel_data_connectors.this.tenant_wide_dfc_reason\n  }\n}\n";
    scene.configure(&(data_source(&workspace) + check));
    let finished = scene.apply();
    assert_says(&finished, &["Check block assertion failed", "No data connector streams"]);

    let dependent =
        data_source(&workspace).replace("\n}", "\n  depends_on   = [sentinel_dfc_tenant_connector.this]\n}");
    scene.configure(&(connector(&workspace) + &dependent + check));
    scene.apply();

    let settled = scene.succeed(&["plan", "-no-color", "-detailed-exitcode"]);
    assert!(!settled.words().contains("Check block assertion failed"), "{}", settled.words());
}

fn rejects_an_unsupported_api_version(scene: Scene) {
    let with_version = |version: &str| {
        data_source(&scene.azure.workspace("law-portal"))
            .replace("\n}", &format!("\n  api_version = \"{version}\"\n}}"))
    };
    for version in ["2025-09-01", "2022-10-01-preview", "2025-13-45-preview"] {
        scene.configure(&with_version(version));
        scene.fail(&["validate", "-no-color"], &[version, "Must be an existing date since 2023-02-01 in the format"]);
    }

    scene.configure(&with_version("2099-01-01-preview"));
    scene.fail(
        &["plan", "-no-color"],
        &["API version not supported", "with data.sentinel_data_connectors", "api_version = \"2099-01-01-preview\""],
    );

    scene.configure(&with_version("2026-08-01-preview"));
    scene.apply();
    let state = scene.state();
    assert_eq!(state.attributes(ADDRESS).expect("it is in the state")["tenant_wide_dfc_connected"], true);
}

fn timeout_error_names_the_configured_timeout(scene: Scene) {
    let timeouts = "\n  timeouts {\n    read = \"1ms\"\n  }\n}";
    scene.configure(&data_source(&scene.azure.workspace("law-soc")).replace("\n}", timeouts));

    // Terraform shows the line of the attribute.
    scene.fail(&["plan", "-no-color"], &["timed out", "read = \"1ms\"", "The timeout of 1 ms passed"]);
}
