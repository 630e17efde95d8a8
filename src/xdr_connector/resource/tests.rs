//! Tests of the resource on a simulated workspace.

use std::collections::BTreeSet;

use azure_simulator::Effect;
use serde_json::{Value, json};

use super::attributes::{
    ADOPT_EXISTING, ADVANCED_HUNTING_TABLES, ALERT_PROVIDERS, INCIDENTS_ENABLED, WORKSPACE_ID, schema,
};
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{Config, PlannedAction};
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::name_for;
use crate::session::Session;
use crate::testing::{Azure, no_workspace_metadata, not_onboarded};
use crate::xdr_connector::XdrConnector;

const CLOUD: &str = "microsoftDefenderForCloud";
const IDENTITY: &str = "microsoftDefenderForIdentity";
const PORTAL: &str = "dataConnectors/p1";

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace())
}

fn set(names: &[&str]) -> Option<BTreeSet<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

fn resource(azure: &Azure) -> Lifecycle {
    let client = azure.client();
    Lifecycle::single(|| XdrConnector, move || Session::new(client.clone()))
}

async fn created(azure: &Azure, config: &Config) -> Lifecycle {
    let mut resource = resource(azure);
    let diagnostics = resource.apply(config).await;
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    azure.simulator.clear_requests();
    resource
}

/// Adds a connector that the portal created.
fn portal(azure: &Azure, incidents: &str, alerts: &str, filter: &Value) {
    let mut properties = json!({
        "tenantId": azure.tenant(),
        "dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": alerts}},
    });
    if !filter.is_null() {
        properties["filteredProviders"] = json!({ "alerts": filter });
    }
    azure.put(PORTAL, json!({"name": "p1", "kind": MICROSOFT_THREAT_PROTECTION, "properties": properties}));
}

fn connectors(azure: &Azure) -> Vec<Value> {
    azure.documents("dataConnectors")
}

fn properties(azure: &Azure) -> Value {
    connectors(azure).first().map(|document| document["properties"].clone()).unwrap_or_default()
}

fn change(azure: &Azure, change: impl FnOnce(&mut Value)) {
    let mut document = connectors(azure).first().expect("a connector").clone();
    change(&mut document["properties"]);
    let id = document["id"].as_str().expect("an ID").to_owned();
    azure.simulator.put_document(&id, document);
}

#[tokio::test(start_paused = true)]
async fn creates_reads_and_deletes_a_connector() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    assert_eq!(properties(&azure)["dataTypes"], json!({"incidents": {"state": "Enabled"}}));
    assert_eq!(connectors(&azure)[0]["name"], name_for(&azure.workspace(), MICROSOFT_THREAT_PROTECTION));

    assert_eq!(resource.plan(&config(&azure)).await.action, PlannedAction::NoOp);
    assert_eq!(azure.methods("/dataConnectors"), "GET", "a refresh sends one request");

    assert!(!resource.destroy().await.has_errors());
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn updates_every_setting_in_place_and_corrects_drift() {
    let azure = Azure::start_empty().await;
    let all =
        config(&azure).with(&ALERT_PROVIDERS, set(&[IDENTITY])).with(&ADVANCED_HUNTING_TABLES, set(&["DeviceInfo"]));
    let mut resource = created(&azure, &all).await;
    let desired = properties(&azure);
    assert_eq!(desired["filteredProviders"], json!({"alerts": [IDENTITY]}));
    assert_eq!(desired["dataTypes"]["advancedHunting"], json!({"DeviceInfo": {"state": "Enabled"}}));

    for (path, value) in [
        ("/dataTypes/incidents/state", json!("disabled")),
        ("/dataTypes/alerts/state", json!("Disabled")),
        ("/filteredProviders/alerts", json!([IDENTITY, "other"])),
        ("/filteredProviders/alerts", json!([])),
        ("/dataTypes/advancedHunting", json!({"DeviceInfo": {"state": "Disabled"}})),
        ("/dataTypes/advancedHunting", json!({"DeviceInfo": {"state": "Enabled"}, "Other": {"state": "Enabled"}})),
    ] {
        change(&azure, |properties| *properties.pointer_mut(path).expect("a value") = value.clone());
        assert_eq!(resource.plan(&all).await.action, PlannedAction::Update, "{path} {value}");
        let diagnostics = resource.apply(&all).await;
        assert!(!diagnostics.has_errors(), "{diagnostics}");
        assert_eq!(resource.plan(&all).await.action, PlannedAction::NoOp, "{path} {value}");
    }

    let less = config(&azure).with(&INCIDENTS_ENABLED, false).with(&ALERT_PROVIDERS, set(&[]));
    assert!(!resource.apply(&less).await.has_errors());
    assert_eq!(properties(&azure)["dataTypes"]["incidents"], json!({"state": "Disabled"}));
    assert_eq!(properties(&azure)["dataTypes"]["alerts"], json!({"state": "Disabled"}));
    assert_eq!(resource.plan(&less).await.action, PlannedAction::NoOp, "tables are not managed any more");
    assert!(!resource.destroy().await.has_errors());
}

#[tokio::test(start_paused = true)]
async fn rejects_or_adopts_a_connector_that_is_in_use() {
    let azure = Azure::start_empty().await;
    portal(&azure, "Disabled", "Enabled", &json!([CLOUD]));
    let joined = resource(&azure).apply(&config(&azure)).await;
    assert!(joined.is_empty(), "{joined}");
    assert_eq!(properties(&azure)["filteredProviders"], json!({"alerts": [CLOUD]}));

    let azure = Azure::start_empty().await;
    portal(&azure, "enabled", "Disabled", &Value::Null);
    let planned = resource(&azure).plan(&config(&azure)).await;
    assert_eq!(summaries(&planned.diagnostics), ["~The Defender XDR connector in law-soc already exists"]);
    let rejection = resource(&azure).apply(&config(&azure)).await;
    assert!(rejection.has_errors() && rejection.to_string().contains("import {"), "{rejection}");
    let disabling = config(&azure).with(&ADOPT_EXISTING, true).with(&INCIDENTS_ENABLED, false);
    let planned = resource(&azure).plan(&disabling).await.diagnostics.to_string();
    assert!(planned.contains("changes these settings: `incidents_enabled` (true -> false)."), "{planned}");
    azure.simulator.clear_requests();
    let mut adopting = resource(&azure);
    let adopted = adopting.apply(&config(&azure).with(&ADOPT_EXISTING, true)).await;
    assert!(!adopted.has_errors() && adopted.to_string().contains("does not change anything"), "{adopted}");
    assert!(!azure.methods("/dataConnectors").contains("PUT"));
    let destroyed = adopting.destroy().await;
    assert_eq!(summaries(&destroyed), ["~Destroying this resource disables Defender XDR in law-soc"]);
    assert_eq!(properties(&azure)["dataTypes"]["incidents"], json!({"state": "Disabled"}));
}

#[tokio::test(start_paused = true)]
async fn never_filters_or_disables_an_unfiltered_stream() {
    let azure = Azure::start_empty().await;
    portal(&azure, "Disabled", "Enabled", &Value::Null);
    let naming = config(&azure).with(&ALERT_PROVIDERS, set(&[IDENTITY]));
    let refusal = "`alert_providers` would stop other alerts in law-soc".to_owned();

    assert_eq!(summaries(&resource(&azure).plan(&naming).await.diagnostics), [format!("~{refusal}")]);
    let failed = resource(&azure).apply(&naming).await;
    assert!(summaries(&failed).contains(&refusal), "{failed}");
    let mut resource = created(&azure, &config(&azure)).await;
    let failed = resource.apply(&naming).await;
    assert!(summaries(&failed).contains(&refusal), "{failed}");
    assert!(!resource.destroy().await.has_errors());

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}})
    );
    assert_eq!(properties(&azure)["filteredProviders"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn connector_is_gone_only_if_a_second_read_confirms_it() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;

    azure.fault_once("GET", r"/dataConnectors\?", Effect::new().json(json!({"value": []})));
    assert!(!resource.refresh_only().await.has_errors());
    assert!(resource.state().is_some(), "one wrong response");
    for refusal in [not_onboarded(), no_workspace_metadata()] {
        azure.fault_once("GET", "/dataConnectors", refusal);
        assert!(!resource.refresh_only().await.has_errors());
        assert!(resource.state().is_some());
    }

    let id = connectors(&azure)[0]["id"].as_str().expect("an ID").to_owned();
    azure.simulator.delete_document(&id);
    let planned = resource.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Create);
    assert_eq!(summaries(&planned.diagnostics), ["~The Defender XDR connector of law-soc was deleted"]);
}

#[tokio::test(start_paused = true)]
async fn connector_without_enabled_settings_may_be_absent() {
    let azure = Azure::start_empty().await;
    let off = config(&azure).with(&INCIDENTS_ENABLED, false);
    let mut resource = created(&azure, &off).await;
    let id = connectors(&azure)[0]["id"].as_str().expect("an ID").to_owned();

    azure.simulator.delete_document(&id); // like the last other owner
    assert_eq!(resource.plan(&off).await.action, PlannedAction::NoOp);

    assert!(!resource.apply(&config(&azure)).await.has_errors());
    assert_eq!(properties(&azure)["dataTypes"]["incidents"], json!({"state": "Enabled"}));
    assert!(!resource.destroy().await.has_errors());
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn destroy_of_a_missing_connector_succeeds_and_keeps_the_parts_of_others() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    let destroy = resource.plan_destroy().await;
    change(&azure, |properties| {
        properties["dataTypes"]["alerts"] = json!({"state": "Enabled"});
        properties["filteredProviders"] = json!({"alerts": [CLOUD]});
    });
    assert!(!resource.delete_planned(destroy.private.clone()).await.has_errors());
    assert_eq!(properties(&azure)["dataTypes"]["alerts"], json!({"state": "Enabled"}));

    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    let destroy = resource.plan_destroy().await;
    let id = connectors(&azure)[0]["id"].as_str().expect("an ID").to_owned();
    azure.simulator.delete_document(&id);
    assert!(!resource.delete_planned(destroy.private).await.has_errors());
}

#[tokio::test(start_paused = true)]
async fn create_retries_conflicts_and_reports_a_missing_license() {
    let azure = Azure::start_empty().await;
    azure.fault_once("PUT", "/dataConnectors", Effect::new().error(500, "InternalServerError", "lost"));
    azure.fault_once("PUT", "/dataConnectors", Effect::new().error(409, "Conflict", "Etag does not match."));
    created(&azure, &config(&azure)).await;
    assert_eq!(connectors(&azure).len(), 1);

    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/dataConnectors", Effect::new().error(401, "InvalidLicense", "Missing consent"));
    let mut resource = resource(&azure);
    let failed = resource.apply(&config(&azure)).await;
    assert!(failed.to_string().contains("License or consent is missing"), "{failed}");
    assert!(resource.state().is_none());
}

#[tokio::test(start_paused = true)]
async fn reports_settings_that_azure_drops() {
    let azure = Azure::start_empty().await;
    azure.before(
        |request| request.method == "GET" && request.path.contains("/dataConnectors") && request.earlier > 0,
        |world| {
            let ids: Vec<String> = world.to_value().as_object().expect("a world").keys().cloned().collect();
            for id in ids.into_iter().filter(|id| id.contains("/dataconnectors/")) {
                let mut document = world.document(&id).cloned().expect("a document");
                if let Some(types) = document["properties"]["dataTypes"].as_object_mut() {
                    types.shift_remove("advancedHunting");
                }
                world.put_document(&id, document);
            }
        },
    );
    let config = config(&azure).with(&ADVANCED_HUNTING_TABLES, set(&["DeviceInfo"]));
    let mut resource = resource(&azure);

    let failed = resource.apply(&config).await;

    assert!(summaries(&failed).contains(&"Azure did not save the connector settings".to_owned()), "{failed}");
    assert!(resource.is_tainted(), "a destroy can delete the connector");
}

#[tokio::test(start_paused = true)]
async fn imports_a_connector_with_its_enabled_settings() {
    let azure = Azure::start_empty().await;
    portal(&azure, "Enabled", "Enabled", &json!([CLOUD, IDENTITY]));
    let mut resource = resource(&azure);

    assert!(!resource.import(&azure.workspace().to_string()).await.has_errors());

    let state = resource.state().expect("imported");
    assert_eq!(state.get(&ALERT_PROVIDERS), Ok(set(&[IDENTITY])));
    assert_eq!(state.get(&ADVANCED_HUNTING_TABLES), Ok(None));
    let config = config(&azure).with(&ALERT_PROVIDERS, set(&[&IDENTITY.to_uppercase()]));
    assert_eq!(resource.plan(&config).await.action, PlannedAction::NoOp);
}
