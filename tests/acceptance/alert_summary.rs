//! The data source `sentinel_dfc_alert_summary`: counts alerts, and reports partial results and missing permissions.

use std::time::Duration;

use serde_json::{Value, json};
use terraform_driver::plan::Action;

use crate::support::{Scene, assert_says, connector};

const DATA: &str = "data.sentinel_dfc_alert_summary.this";
/// The second subscription of the default world.
const OTHER: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";

scenarios![
    counts_alerts_that_arrive_after_connecting,
    detects_the_subscription_connector_by_informational_alerts,
    reports_a_workspace_without_the_table,
    ignores_alerts_outside_the_window,
    warns_about_a_partial_result,
    documented_actions_suffice,
    reports_a_missing_permission_on_the_workspace,
    reports_a_missing_permission_on_the_table,
    rejects_an_invalid_window,
    reads_at_apply_if_the_workspace_is_unknown,
    sends_no_token_to_a_host_outside_the_cloud,
];

fn counts_alerts_that_arrive_after_connecting(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(
        &(connector(&workspace) + &summary(&workspace, "depends_on = [sentinel_dfc_tenant_connector.this]")),
    );
    scene.apply();
    assert_eq!(found(&scene)["status"], "no_table");

    let first = scene.variable("ARM_SUBSCRIPTION_ID");
    raise(&scene, &[(&first, "High"), (&first, "High"), (OTHER, "Low"), (OTHER, "Informational")]);
    scene.apply();

    let found = found(&scene);
    assert_eq!((&found["status"], &found["is_receiving"]), (&json!("receiving"), &json!(true)));
    // Defender XDR does not ingest informational alerts.
    assert_eq!(found["total"], 3);
    assert_eq!(found["by_severity"], json!({"High": 2, "Medium": 0, "Low": 1, "Informational": 0}));
    assert_eq!(found["by_subscription"], json!({first: 2, OTHER: 1}));
    assert_eq!(found["min_from_subscription_connectors"], 0);
    let days = found["by_day"].as_array().expect("a list");
    assert!(days.len() >= 8, "every day of the window is there: {days:?}");
    let sum = |name: &str| days.iter().filter_map(|day| day[name].as_i64()).sum::<i64>();
    assert_eq!((sum("total"), sum("high"), sum("low")), (3, 2, 1));
    assert!(found["newest"].as_str().is_some_and(|newest| newest.ends_with('Z')));
    assert!(found["query"].as_str().is_some_and(|query| query.contains("ago(7d)")));
}

fn detects_the_subscription_connector_by_informational_alerts(scene: Scene) {
    // Both connectors are connected. The subscription-based one monitors only the first subscription.
    let first = scene.variable("ARM_SUBSCRIPTION_ID");
    raise(&scene, &[(&first, "High"), (&first, "Informational")]);

    let found = look_up(&scene, "law-portal", "");

    assert_eq!(found["total"], 3, "the high one arrives twice");
    assert_eq!(found["min_from_subscription_connectors"], 1);
}

fn reports_a_workspace_without_the_table(scene: Scene) {
    let found = look_up(&scene, "law-soc", "");

    assert_eq!((&found["status"], &found["is_receiving"]), (&json!("no_table"), &json!(false)));
    assert_eq!((&found["total"], &found["newest"]), (&json!(0), &Value::Null));
    assert_eq!(found["by_severity"]["High"], 0);
}

fn ignores_alerts_outside_the_window(scene: Scene) {
    raise(&scene, &[(OTHER, "High")]);
    scene.azure.advance_clock(Duration::from_secs(2 * 3600));

    let found = look_up(&scene, "law-portal", "window = \"PT1H\"");

    assert_eq!(
        (&found["status"], &found["is_receiving"], &found["total"]),
        (&json!("no_alerts"), &json!(false), &json!(0))
    );
}

fn warns_about_a_partial_result(scene: Scene) {
    let scene = scene.in_a_world(|world| world["world"]["behaviors"]["query_row_limit"] = json!(1));
    raise(&scene, &[(OTHER, "High"), (OTHER, "Low")]);
    scene.configure(&summary(&scene.azure.workspace("law-portal"), ""));

    let finished = scene.apply();

    assert_says(&finished, &["Azure returned only a part of the result", "exceed the set limit of 1 records"]);
    let found = found(&scene);
    assert_eq!(
        (&found["is_partial"], &found["is_receiving"], &found["total"]),
        (&json!(true), &json!(true), &json!(1))
    );
}

fn documented_actions_suffice(scene: Scene) {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guides/permissions.md"));
    let guide = guide.expect("the guide");
    let (_, section) = guide.split_once("### Read alerts and logs\n").expect("the section");
    let section = section.split("\n#").next().expect("its text");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let actions: Vec<&str> = rows.filter(|action| !action.contains('*')).collect();
    assert_eq!(actions.len(), 3, "{actions:?}");
    let scene = with_actions(scene, &actions);
    raise(&scene, &[(OTHER, "High")]);

    assert_eq!(look_up(&scene, "law-portal", "")["total"], 1);
}

fn reports_a_missing_permission_on_the_workspace(scene: Scene) {
    let scene = with_actions(scene, &["Microsoft.OperationalInsights/workspaces/read"]);
    scene.configure(&summary(&scene.azure.workspace("law-portal"), ""));

    scene.apply_fails(&[
        "Missing permission to query the workspace",
        "InsufficientAccessError",
        "Microsoft Sentinel Reader",
        "Correlation ID",
    ]);
}

fn reports_a_missing_permission_on_the_table(scene: Scene) {
    let actions =
        ["Microsoft.OperationalInsights/workspaces/read", "Microsoft.OperationalInsights/workspaces/query/read"];
    let scene = with_actions(scene, &actions);
    raise(&scene, &[(OTHER, "High")]);
    scene.configure(&summary(&scene.azure.workspace("law-portal"), ""));

    scene.apply_fails(&["Missing permission to read a table", "query/SecurityAlert/read"]);
}

fn rejects_an_invalid_window(scene: Scene) {
    for (window, expected) in
        [("7d", "Use \"P7D\""), ("P1M", "no fixed length"), ("P10000D", "730 days"), ("P0D", "too short"), ("", "P7D")]
    {
        scene.configure(&summary("", &format!("window = \"{window}\"")));

        scene.fail(&["validate", "-no-color"], &[expected]);
    }
}

fn reads_at_apply_if_the_workspace_is_unknown(scene: Scene) {
    let workspace = scene.azure.workspace("law-portal");
    raise(&scene, &[(OTHER, "High")]);
    scene.configure(&format!(
        "resource \"terraform_data\" \"upstream\" {{\n  input = \"{workspace}\"\n}}\n\n\
         data \"sentinel_dfc_alert_summary\" \"this\" {{\n  workspace_id = terraform_data.upstream.output\n}}\n"
    ));

    scene.assert_plans([("terraform_data.upstream", Action::Create)]);
    let requests = scene.azure.requests();
    assert!(!requests.all().iter().any(|request| request.path.contains("/query")), "nothing is queried in the plan");
    scene.apply();

    assert_eq!(found(&scene)["total"], 1);
}

fn sends_no_token_to_a_host_outside_the_cloud(mut scene: Scene) {
    // A custom cloud with only these endpoints.
    let endpoint = format!("https://{}", scene.variable("ARM_METADATA_HOSTNAME"));
    scene.unset("ARM_METADATA_HOSTNAME");
    scene.set("ARM_RESOURCE_MANAGER_ENDPOINT", &endpoint);
    scene.set("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", &endpoint);
    scene.configure(&summary(&scene.azure.workspace("law-portal"), ""));

    scene.apply_fails(&[
        "The cloud has no endpoint for queries",
        "only to hosts of the configured cloud",
        "endpoint.log_analytics_endpoint",
    ]);

    let requests = scene.azure.requests();
    assert!(!requests.all().iter().any(|request| request.path.contains("/query")), "no query was sent");
}

/// A scene in which the first application has only these actions on the subscription.
fn with_actions(scene: Scene, actions: &[&str]) -> Scene {
    let subscription = format!("/subscriptions/{}", scene.variable("ARM_SUBSCRIPTION_ID"));
    scene.in_a_world(|world| {
        let principal = world["world"]["applications"][0]["object_id"].clone();
        world["world"]["roles"]["some"] = json!({"actions": actions});
        world["world"]["role_assignments"] =
            json!([{"principal_id": principal, "scope": subscription, "role": "some"}]);
    })
}

fn raise(scene: &Scene, alerts: &[(&str, &str)]) {
    let alert =
        |(subscription, severity): &(&str, &str)| json!({"subscription_id": subscription, "severity": severity});
    scene.azure.raise(&alerts.iter().map(alert).collect());
}

fn summary(workspace: &str, arguments: &str) -> String {
    let workspace = if workspace.is_empty() {
        "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
    } else {
        workspace
    };
    format!("data \"sentinel_dfc_alert_summary\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {arguments}\n}}\n")
}

fn found(scene: &Scene) -> Value {
    scene.state().attributes(DATA).expect("it was read").clone()
}

/// Applies the data source and returns its attributes.
fn look_up(scene: &Scene, workspace: &str, arguments: &str) -> Value {
    scene.configure(&summary(&scene.azure.workspace(workspace), arguments));
    scene.apply();
    found(scene)
}
