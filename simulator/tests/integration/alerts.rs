//! Alerts of Defender for Cloud, from the subscription to the incident.

use azure_simulator::{Alert, Severity, World, columns};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, STABLE};

const FIRST: &str = "3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58";
const SECOND: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
const TENANT: &str = "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f";

/// Connects a workspace tenant-wide, with these states of alerts and incidents.
async fn connect_tenant(azure: &Azure, workspace: &str, alerts: &str, incidents: &str) {
    let body = json!({"kind": "MicrosoftThreatProtection", "properties": {
        "tenantId": TENANT,
        "dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": alerts}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    }});
    let reply = azure.put(&azure.sentinel(workspace, "dataConnectors/xdr"), PREVIEW, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

async fn connect_subscription(azure: &Azure, workspace: &str, subscription: &str) {
    let body = json!({"kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": subscription, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    let reply = azure.put(&azure.sentinel(workspace, &format!("dataConnectors/{subscription}")), STABLE, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

async fn add_rule(azure: &Azure, workspace: &str) {
    let body = json!({"kind": "MicrosoftSecurityIncidentCreation", "properties": {
        "displayName": "Incidents", "enabled": true, "productFilter": "Azure Security Center"}});
    let reply = azure.put(&azure.sentinel(workspace, "alertRules/rule"), STABLE, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

fn count(azure: &Azure, workspace: &str, table: &str) -> usize {
    azure.simulator.table_rows(azure.workspace(workspace), table).len()
}

#[tokio::test]
async fn alerts_arrive_once_for_each_connector_that_streams_them() {
    let azure = Azure::start().await;
    connect_subscription(&azure, "law-outdated", FIRST).await;
    connect_tenant(&azure, "law-soc", "Enabled", "Disabled").await;

    azure.simulator.raise_alert(&Alert::new(FIRST));
    azure.simulator.raise_alert(&Alert::new(SECOND));

    let counts: Vec<usize> =
        ["law-fresh", "law-outdated", "law-soc", "law-portal"].map(|name| count(&azure, name, "SecurityAlert")).into();
    assert_eq!(counts, [0, 1, 2, 3], "law-portal has both connectors, and the one of the first subscription");
    let rows = azure.simulator.table_rows(azure.workspace("law-portal"), "SecurityAlert");
    assert_eq!(rows[0]["VendorOriginalId"], rows[1]["VendorOriginalId"]);
    assert_ne!(rows[0]["SystemAlertId"], rows[1]["SystemAlertId"]);
}

#[tokio::test]
async fn tenant_connector_omits_informational_and_disabled_alerts() {
    let azure = Azure::start().await;
    connect_subscription(&azure, "law-outdated", FIRST).await;
    let raise = |severity| azure.simulator.raise_alert(&Alert::new(FIRST).severity(severity));

    raise(Severity::Informational);
    azure.simulator.patch_world(json!({"alert_service": {(TENANT): false}}));
    raise(Severity::High);

    assert_eq!(count(&azure, "law-outdated", "SecurityAlert"), 2, "the subscription's connector is not concerned");
    assert_eq!(count(&azure, "law-portal", "SecurityAlert"), 2);
    assert_eq!(count(&azure, "law-portal", "SecurityIncident"), 2, "only the rule makes incidents");
    azure.simulator.patch_world(json!({"alert_service": {(TENANT): true}}));
    raise(Severity::High);
    assert_eq!(count(&azure, "law-portal", "SecurityAlert"), 4);
}

#[tokio::test]
async fn xdr_connector_and_rules_create_incidents() {
    for (alerts, incidents, has_rule, rows, expected) in [
        ("Enabled", "Disabled", false, 1, vec![]),
        ("Enabled", "Enabled", false, 1, vec!["Microsoft XDR"]),
        ("Enabled", "Disabled", true, 1, vec!["Azure Sentinel"]),
        ("Enabled", "Enabled", true, 1, vec!["Microsoft XDR", "Azure Sentinel"]),
        ("Disabled", "Enabled", true, 0, vec!["Microsoft XDR"]),
    ] {
        let azure = Azure::start().await;
        connect_tenant(&azure, "law-soc", alerts, incidents).await;
        if has_rule {
            add_rule(&azure, "law-soc").await;
        }

        azure.simulator.raise_alert(&Alert::new(FIRST));

        let made = azure.simulator.table_rows(azure.workspace("law-soc"), "SecurityIncident");
        assert_eq!(count(&azure, "law-soc", "SecurityAlert"), rows);
        assert_eq!(made.iter().map(|row| &row["ProviderName"]).collect::<Vec<_>>(), expected);
        assert!(made.iter().all(|row| row["AlertIds"].as_array().map(Vec::len) == Some(rows)));
    }
}

#[tokio::test]
async fn lists_incidents_in_pages() {
    let azure = Azure::start().await;
    connect_tenant(&azure, "law-soc", "Enabled", "Enabled").await;
    for _ in 0..3 {
        azure.simulator.raise_alert(&Alert::new(FIRST));
    }
    let incidents = azure.sentinel("law-soc", "incidents");

    let first = azure.get(&format!("{incidents}?$top=2&$orderby=properties/incidentNumber"), STABLE).await;

    assert_eq!(first.names().len(), 2, "{first:?}");
    assert!(first.body["nextLink"].is_string());
    let one = azure.get(&format!("{incidents}/{}", first.names()[0]), STABLE).await.body;
    assert_eq!(one["type"], "Microsoft.SecurityInsights/Incidents");
    assert_eq!(one["properties"]["additionalData"]["alertsCount"], 1);
    assert_eq!(azure.get(&azure.sentinel("law-fresh", "incidents"), STABLE).await.status, 400);
}

#[tokio::test]
async fn offboarding_stops_streams_and_hides_incidents_but_keeps_rows() {
    let azure = Azure::start().await;
    azure.simulator.raise_alert(&Alert::new(SECOND));
    let before = count(&azure, "law-portal", "SecurityIncident");

    azure.delete(&azure.sentinel("law-portal", "onboardingStates/default"), STABLE).await;
    azure.simulator.raise_alert(&Alert::new(SECOND));

    assert_eq!(before, 2);
    assert_eq!(azure.get(&azure.sentinel("law-portal", "incidents"), STABLE).await.status, 400);
    assert_eq!(count(&azure, "law-portal", "SecurityAlert"), 1);
    assert_eq!(count(&azure, "law-portal", "SecurityIncident"), before);
}

#[tokio::test]
async fn rows_have_known_columns_and_the_simulators_time() {
    let azure = Azure::start().await;
    azure.advance(24 * 60 * 60).await;
    azure.simulator.raise_alert(&Alert::new(FIRST).display_name("Port scan").resource_id("/subscriptions/x/vm"));

    let today = azure.admin(Method::GET, "clock", None).await.body["now"].as_str().map(|now| now[..10].to_owned());
    for table in ["SecurityAlert", "SecurityIncident"] {
        let known: Vec<&str> = columns(table).expect("a table").iter().map(|column| column.name).collect();
        let row = &azure.simulator.table_rows(azure.workspace("law-portal"), table)[0];
        assert!(row.keys().all(|name| known.contains(&name.as_str())), "{row:?}");
        assert_eq!(row["TimeGenerated"].as_str().map(|time| time[..10].to_owned()), today);
        assert_eq!(row["TenantId"], "26b0d9e5-8f7c-4a31-9e64-1c5f7a3b8d40", "the workspace's GUID");
    }
    let alert = &azure.simulator.table_rows(azure.workspace("law-portal"), "SecurityAlert")[0];
    assert_eq!((&alert["AlertName"], &alert["ResourceId"]), (&json!("Port scan"), &json!("/subscriptions/x/vm")));
    assert_eq!(columns("Heartbeat"), None);
}

#[tokio::test]
async fn admin_endpoint_raises_alerts_and_the_state_keeps_them() {
    let azure = Azure::start().await;
    let alerts = json!([{"subscription_id": FIRST}, {"subscription_id": SECOND, "severity": "Informational"}]);

    let reply = azure.admin(Method::POST, "alerts", Some(alerts)).await;

    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.body[1]["properties"]["severity"], "Informational");
    let state = azure.admin(Method::GET, "state", None).await.body;
    assert_eq!(
        state["world"]["tables"][azure.workspace("law-portal").to_lowercase()]["SecurityAlert"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let again: World = state.clone().try_into().expect("a world");
    assert_eq!(again.to_value(), state);
    for (wrong, problem) in [
        (json!({"subscription_id": "x"}), "there is no subscription"),
        (json!({"severity": "High"}), "subscription_id"),
        (json!({"subscription_id": FIRST, "severity": "high"}), "unknown variant"),
    ] {
        let reply = azure.admin(Method::POST, "alerts", Some(wrong)).await;
        assert_eq!(reply.status, 400);
        assert!(reply.message().contains(problem), "{}", reply.message());
    }
}

#[tokio::test]
async fn subscription_without_plans_raises_no_alerts() {
    let azure = Azure::start().await;
    let plans: Vec<Value> =
        azure.simulator.collection(&format!("/subscriptions/{FIRST}/providers/Microsoft.Security/pricings"));
    for plan in plans {
        azure.simulator.delete_document(plan["id"].as_str().expect("an ID"));
    }

    let reply = azure.admin(Method::POST, "alerts", Some(json!({"subscription_id": FIRST}))).await;

    assert_eq!(reply.status, 400);
    assert!(reply.message().contains("has no plan of Defender for Cloud"), "{}", reply.message());
}

#[tokio::test]
async fn raises_alerts_before_each_write() {
    let azure = Azure::with_world(json!({"behaviors": {"alerts_before_writes": [FIRST]}})).await;
    let connectors = azure.sentinel("law-soc", "dataConnectors");

    connect_tenant(&azure, "law-soc", "Enabled", "Disabled").await;
    azure.get(&connectors, PREVIEW).await;
    let requirements = azure.sentinel("law-soc", "dataConnectorsCheckRequirements");
    let body = json!({"kind": "MicrosoftThreatProtection", "properties": {"tenantId": TENANT}});
    let reply = azure.arm(Method::POST, &requirements, PREVIEW, Some(body)).await;
    assert_eq!(reply.status, 200, "a POST that only reads: {reply:?}");
    connect_subscription(&azure, "law-soc", FIRST).await;
    azure.delete(&format!("{connectors}/xdr"), PREVIEW).await;
    azure.delete(&format!("{connectors}/{FIRST}"), STABLE).await;

    assert_eq!(count(&azure, "law-soc", "SecurityAlert"), 1 + 2 + 1, "before the second, third and fourth write");
}

#[tokio::test]
async fn write_fails_if_a_subscription_cannot_raise_the_alert() {
    const UNKNOWN: &str = "00000000-0000-0000-0000-00000000abcd";
    let azure = Azure::with_world(json!({"behaviors": {"alerts_before_writes": [FIRST, UNKNOWN]}})).await;
    let connectors = azure.sentinel("law-portal", "dataConnectors");
    let before = azure.simulator.collection(&connectors);
    let name = before[0]["name"].as_str().expect("a name");

    let reply = azure.delete(&format!("{connectors}/{name}"), PREVIEW).await;

    assert_eq!((reply.status, reply.code()), (400, "SimulatorAdmin"), "{reply:?}");
    assert!(reply.message().contains(&format!("there is no subscription /subscriptions/{UNKNOWN}")), "{reply:?}");
    assert_eq!(azure.simulator.collection(&connectors).len(), before.len(), "the connector is still there");
}
