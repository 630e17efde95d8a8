//! Uninstallation of a solution: deleted content, kept content, and warnings.

use serde_json::json;

use crate::support::{CONTENT_ID, Scene, connector, solution};

scenarios![
    keeps_content_created_by_users,
    keeps_active_connections,
    deletes_templates_that_azure_leaves,
    waits_until_the_solution_is_deleted,
    succeeds_if_the_solution_is_already_deleted,
    continues_after_an_interruption,
    deletes_the_page_of_a_codeless_connector,
];

/// Adopts the solution in law-soc.
fn managed(scene: &Scene) {
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
}

fn keeps_content_created_by_users(scene: Scene) {
    managed(&scene);
    let rule = scene.azure.sentinel("law-soc", "alertRules/mine");
    scene.azure.put(&rule, &json!({"id": rule, "name": "mine", "kind": "Scheduled", "properties": {}}));
    let metadata = scene.azure.sentinel("law-soc", "metadata/AnalyticsRule-mine");
    scene.azure.put(
        &metadata,
        &json!({"id": metadata, "name": "AnalyticsRule-mine", "properties": {"parentId": rule, "kind": "AnalyticsRule",
            "source": {"kind": "Solution", "sourceId": CONTENT_ID}}}),
    );

    let finished = scene.destroy();

    assert!(finished.words().contains("templates are not deleted"), "there is a warning: {}", finished.words());
    assert!(finished.words().contains("alertRules/mine"), "{}", finished.words());
    scene.azure.assert_uninstalled("law-soc");
    assert!(scene.azure.document(&rule).is_some() && scene.azure.document(&metadata).is_some());
}

fn keeps_active_connections(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&format!("{}\n{}", solution(&workspace), connector(&workspace)));
    scene.apply();
    scene.configure(&connector(&workspace));

    let planned = scene.succeed(&["plan", "-no-color"]);
    assert!(planned.words().contains("Data connectors stay connected in law-soc"), "the plan says so");
    scene.apply();

    scene.azure.assert_uninstalled("law-soc");
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn deletes_templates_that_azure_leaves(scene: Scene) {
    let scene = scene.with_behaviors(&json!({"uninstall_removes_templates": false}));
    managed(&scene);

    scene.destroy();

    scene.azure.assert_uninstalled("law-soc");
}

fn waits_until_the_solution_is_deleted(scene: Scene) {
    let scene = scene.with_behaviors(&json!({"uninstalled_visible_for_seconds": 3}));
    managed(&scene);

    scene.destroy();

    scene.assert_state([]);
    scene.configure(&solution(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.assert_installed("law-soc", crate::support::NEWEST);
}

fn succeeds_if_the_solution_is_already_deleted(scene: Scene) {
    managed(&scene);
    scene.azure.uninstall("law-soc");

    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);

    scene.assert_state([]);
}

fn continues_after_an_interruption(scene: Scene) {
    managed(&scene);
    for path in ["/dataConnectors/", "/metadata/", "/contentPackages/"] {
        let body = json!({"error": {"code": "AuthorizationFailed", "message": "Not this one."}});
        scene.azure.inject(json!({"method": "DELETE", "path": path, "times": 1, "status": 403, "body": body}));
        scene.fail(&["destroy", "-auto-approve", "-no-color"], &["AuthorizationFailed"]);
        scene.azure.clear_faults();
    }

    scene.destroy();

    scene.azure.assert_uninstalled("law-soc");
}

fn deletes_the_page_of_a_codeless_connector(scene: Scene) {
    const CODELESS: &str = "azuresentinel.azure-sentinel-solution-gcpauditlogs-api";
    let page = scene.azure.sentinel("law-soc", "dataConnectorDefinitions/GCPAuditLogsDefinition");
    scene.configure(&solution(&scene.azure.workspace("law-soc")).replace(CONTENT_ID, CODELESS));
    scene.apply();
    scene.assert_no_changes();
    assert!(scene.azure.document(&page).is_some(), "the solution brings it");

    scene.azure.delete(&page);
    scene.apply();
    scene.assert_no_changes();
    assert!(scene.azure.document(&page).is_some(), "it was restored");

    let finished = scene.destroy();

    assert!(!finished.words().contains("templates are not deleted"), "no user created an item: {}", finished.words());
    let left = scene.azure.ids().into_iter().filter(|id| id.contains("gcpauditlogs"));
    assert_eq!(left.filter(|id| !id.contains("/deployments/")).collect::<Vec<_>>(), Vec::<String>::new());
}
