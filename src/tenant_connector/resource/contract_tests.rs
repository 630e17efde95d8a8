//! Tests of contracts with data types and properties on a simulated workspace.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, CONTRACT, WORKSPACE_ID, schema};
use super::contract_override::ContractOverride;
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{Config, Diagnostics, PlannedAction};
use crate::session::Session;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::contract_arguments::ContractArguments;
use crate::testing::Azure;

const NOTHING: [&str; 0] = [];

/// A dedicated kind that accepts any data types and properties.
const KIND: &str = "MicrosoftDefenderForCloudTenant";

/// A connector that the portal created.
const PORTAL: &str = "dataConnectors/p1";

/// A workspace that accepts the dedicated kind with any properties.
async fn azure() -> Azure {
    let azure = Azure::start_empty().await;
    let kinds = ["StaticUI", KIND];
    azure
        .simulator
        .patch_world(json!({"behaviors": {"unpublished_connector_kinds": kinds, "keep_unknown_properties": true}}));
    azure
}

async fn lifecycle(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    let connection = Lifecycle::single(|| TenantConnector, move || Session::new(client.clone()));
    connection.begin_run().await;
    connection
}

fn config(azure: &Azure, contract: &ContractArguments) -> Config {
    let contract = ContractOverride::of_arguments(contract);
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&CONTRACT, Some(contract))
}

fn dedicated(data_types: &[&str], properties: &Value) -> ContractArguments {
    ContractArguments { kind: Some(KIND.to_owned()), properties: properties.as_object().cloned(), ..of(data_types) }
}

fn of(data_types: &[&str]) -> ContractArguments {
    let data_types: BTreeSet<String> = data_types.iter().map(|name| (*name).to_owned()).collect();
    ContractArguments { data_types: Some(data_types), ..ContractArguments::default() }
}

#[track_caller]
fn succeeds(diagnostics: &Diagnostics) {
    assert!(!diagnostics.has_errors(), "{diagnostics}");
}

fn connectors(azure: &Azure) -> Vec<Value> {
    azure.documents("dataConnectors")
}

fn properties(azure: &Azure) -> Value {
    connectors(azure).first().map(|document| document["properties"].clone()).unwrap_or_default()
}

/// Changes the first connector like another process.
fn change(azure: &Azure, change: impl FnOnce(&mut Value)) {
    let mut document = connectors(azure).first().expect("a connector").clone();
    change(&mut document["properties"]);
    let id = document["id"].as_str().expect("an ID").to_owned();
    azure.simulator.put_document(&id, document);
}

#[tokio::test(start_paused = true)]
async fn creates_repairs_and_destroys_data_types_and_properties() {
    let azure = azure().await;
    let mut connection = lifecycle(&azure).await;
    let wanted = json!({"scope": {"level": "Tenant"}, "none": null});
    let config = config(&azure, &dedicated(&["alerts", "cloud.alerts"], &wanted));

    assert_eq!(summaries(&connection.apply(&config).await), NOTHING);
    let created = properties(&azure);
    assert_eq!(
        created["dataTypes"],
        json!({"alerts": {"state": "Enabled"}, "cloud": {"alerts": {"state": "Enabled"}}})
    );
    assert_eq!(created["scope"], json!({"level": "Tenant"}));
    assert_eq!(connection.plan(&config).await.action, PlannedAction::NoOp);

    for drift in [
        |properties: &mut Value| properties["dataTypes"]["cloud"]["alerts"]["state"] = "Disabled".into(),
        |properties: &mut Value| properties["scope"]["level"] = "Subscription".into(),
        |properties: &mut Value| properties["scope"] = Value::Null,
        |properties: &mut Value| properties["none"] = 1.into(),
    ] {
        change(&azure, drift);
        assert_eq!(connection.plan(&config).await.action, PlannedAction::Create);
        succeeds(&connection.apply(&config).await);
        for (place, value) in
            [("dataTypes", &created["dataTypes"]), ("scope", &created["scope"]), ("none", &Value::Null)]
        {
            assert_eq!(&properties(&azure)[place], value, "{place}");
        }
        assert_eq!(connection.plan(&config).await.action, PlannedAction::NoOp);
    }

    // The document remains, because after the drift another owner may use it.
    succeeds(&connection.destroy().await);
    let off = json!({"alerts": {"state": "Disabled"}, "cloud": {"alerts": {"state": "Disabled"}}});
    assert_eq!(properties(&azure)["dataTypes"], off);
}

#[tokio::test(start_paused = true)]
async fn destroy_deletes_a_connector_that_the_resource_created() {
    let azure = azure().await;
    let mut connection = lifecycle(&azure).await;
    let wanted = json!({"scope": {"level": "Tenant"}, "none": null});

    succeeds(&connection.apply(&config(&azure, &dedicated(&["alerts"], &wanted))).await);
    succeeds(&connection.destroy().await);

    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn adopts_equal_properties_in_another_spelling_without_a_write() {
    let azure = azure().await;
    let properties = json!({
        "tenantId": azure.tenant(), "dataTypes": {"alerts": {"state": "enabled"}},
        "scope": {"level": "tenant", "region": "eu"},
    });
    azure.put(PORTAL, json!({"kind": KIND, "properties": properties}));
    let mut connection = lifecycle(&azure).await;
    let contract = dedicated(&["alerts"], &json!({"scope": {"level": "Tenant"}, "none": {"a": null}}));
    let config = config(&azure, &contract);

    assert!(connection.apply(&config).await.has_errors(), "a conflict");
    let config = config.with(&ADOPT_EXISTING, true);
    succeeds(&connection.apply(&config).await);

    assert_eq!(connection.plan(&config).await.action, PlannedAction::NoOp);
    assert!(!azure.methods("/dataConnectors").contains("PUT"));
}

#[tokio::test(start_paused = true)]
async fn replaces_the_connection_if_data_types_or_properties_change() {
    let azure = azure().await;
    let mut connection = lifecycle(&azure).await;
    let first = config(&azure, &dedicated(&["alerts"], &json!({"scope": "Tenant"})));
    succeeds(&connection.apply(&first).await);
    let spelled = config(&azure, &dedicated(&["Alerts"], &json!({"scope": "Tenant"})));
    assert_ne!(connection.plan(&spelled).await.action, PlannedAction::Replace);

    for (data_types, scope) in [("alerts", "Other"), ("cloudAlerts", "Other")] {
        let next = config(&azure, &dedicated(&[data_types], &json!({ "scope": scope })));

        assert_eq!(connection.plan(&next).await.action, PlannedAction::Replace);
        succeeds(&connection.apply(&next).await);

        let held = properties(&azure);
        assert_eq!((&held["scope"], &held["dataTypes"]), (&json!(scope), &json!({data_types: {"state": "Enabled"}})));
        assert_eq!(connection.plan(&next).await.action, PlannedAction::NoOp);
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_disables_only_its_data_types_of_the_shared_connector() {
    let azure = azure().await;
    let types = json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}});
    let portal = json!({"tenantId": azure.tenant(), "dataTypes": types});
    azure.put(PORTAL, json!({"kind": "MicrosoftThreatProtection", "properties": portal}));
    let mut connection = lifecycle(&azure).await;

    succeeds(&connection.apply(&config(&azure, &of(&["cloudAlerts"]))).await);
    assert_eq!(properties(&azure)["dataTypes"]["cloudAlerts"]["state"], "Enabled");
    succeeds(&connection.destroy().await);

    let mut expected = types;
    expected["cloudAlerts"] = json!({"state": "Disabled"});
    assert_eq!(properties(&azure)["dataTypes"], expected);
}

#[tokio::test(start_paused = true)]
async fn destroy_deletes_any_dedicated_connector_without_data_types() {
    for is_adopted in [false, true] {
        let azure = azure().await;
        let properties = json!({"tenantId": azure.tenant()});
        if is_adopted {
            azure.put(PORTAL, json!({"kind": KIND, "properties": properties}));
        }
        azure.put("dataConnectors/o", json!({"kind": "Office365", "properties": properties}));
        let mut connection = lifecycle(&azure).await;
        let config = config(&azure, &dedicated(&[], &json!({}))).with(&ADOPT_EXISTING, is_adopted);

        succeeds(&connection.apply(&config).await);
        assert_eq!(connectors(&azure).len(), 2);
        succeeds(&connection.destroy().await);

        let kinds: Vec<Value> = connectors(&azure).iter().map(|document| document["kind"].clone()).collect();
        assert_eq!(kinds, ["Office365"], "the connector of another product remains");
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_dropped_property_and_deletes_the_connector_on_destroy() {
    let azure = azure().await;
    azure.simulator.patch_world(json!({"behaviors": {"write_rules": [{"remove": ["/properties/scope"]}]}}));
    let mut connection = lifecycle(&azure).await;

    let failed = connection.apply(&config(&azure, &dedicated(&["alerts"], &json!({"scope": "Tenant"})))).await;

    assert_eq!(summaries(&failed), ["Azure did not save the connector settings"]);
    assert!(connection.is_tainted());
    succeeds(&connection.destroy().await);
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}
