//! Tests of the resource on a simulated workspace.

use azure_simulator::Effect;
use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, BIDIRECTIONAL_SYNC_ENABLED, NAME, SUBSCRIPTION_ID, WORKSPACE_ID, schema};
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{Config, PlannedAction};
use crate::session::Session;
use crate::subscription_connector::SubscriptionConnector;
use crate::subscription_connector::subscription_id::SubscriptionId;
use crate::testing::{Azure, no_workspace_metadata, not_onboarded};

/// Another subscription of the simulated tenant.
const OTHER: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";
const PORTAL: &str = "dataConnectors/p1";

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace())
}

fn monitoring(azure: &Azure, subscription: &str) -> Config {
    config(azure).with(&SUBSCRIPTION_ID, Some(SubscriptionId::of(subscription)))
}

fn resource(azure: &Azure) -> Lifecycle {
    let client = azure.client();
    Lifecycle::single(|| SubscriptionConnector, move || Session::new(client.clone()))
}

async fn created(azure: &Azure, config: &Config) -> Lifecycle {
    let mut resource = resource(azure);
    let diagnostics = resource.apply(config).await;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    azure.simulator.clear_requests();
    resource
}

/// A connector that was created outside of Terraform.
fn portal(azure: &Azure, subscription: &str, state: &str) {
    let properties = json!({"subscriptionId": subscription, "dataTypes": {"alerts": {"state": state}}});
    azure.put(PORTAL, json!({"name": "p1", "kind": "AzureSecurityCenter", "properties": properties}));
}

fn connectors(azure: &Azure) -> Vec<Value> {
    azure.documents("dataConnectors")
}

fn sync(azure: &Azure) -> Option<Value> {
    azure.simulator.document(&format!("/subscriptions/{OTHER}/providers/Microsoft.Security/settings/Sentinel"))
}

#[tokio::test(start_paused = true)]
async fn creates_reads_and_deletes_a_connector() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    let own = azure.workspace().subscription().to_owned();
    assert_eq!(
        connectors(&azure)[0]["properties"],
        json!({"subscriptionId": own, "dataTypes": {"alerts": {"state": "Enabled"}}})
    );

    assert_eq!(resource.plan(&config(&azure)).await.action, PlannedAction::NoOp);
    assert_eq!(resource.plan(&monitoring(&azure, &format!("/Subscriptions/{own}"))).await.action, PlannedAction::NoOp);
    assert_eq!(azure.methods("/dataConnectors"), "GET GET", "a refresh sends one request");
    assert_eq!(resource.plan(&monitoring(&azure, OTHER)).await.action, PlannedAction::Replace);

    assert!(!resource.destroy().await.has_errors());
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn recreates_a_connector_disabled_or_deleted_outside_terraform() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    let document = connectors(&azure)[0].clone();
    let id = document["id"].as_str().expect("an ID").to_owned();
    let mut off = document.clone();
    off["properties"]["dataTypes"]["alerts"]["state"] = json!("disabled");
    azure.simulator.put_document(&id, off);

    let planned = resource.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Create);
    assert!(summaries(&planned.diagnostics)[0].contains("were disconnected"), "{}", planned.diagnostics);
    assert!(!resource.apply(&config(&azure)).await.has_errors());
    assert_eq!(connectors(&azure)[0]["properties"], document["properties"], "the same connector is connected again");
    assert_eq!(connectors(&azure).len(), 1);

    let destroy = resource.plan_destroy().await;
    azure.simulator.delete_document(&id);
    assert!(!resource.delete_planned(destroy.private).await.has_errors());
}

#[tokio::test(start_paused = true)]
async fn follows_a_connector_recreated_by_the_portal() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;
    let id = connectors(&azure)[0]["id"].as_str().expect("an ID").to_owned();
    azure.simulator.delete_document(&id);
    portal(&azure, &azure.workspace().subscription().to_uppercase(), "Enabled");

    assert_eq!(resource.plan(&config(&azure)).await.action, PlannedAction::NoOp);
    assert_eq!(resource.state().expect("followed").get(&NAME), Ok(Some("p1".to_owned())));
    assert!(!resource.destroy().await.has_errors());
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn connector_is_gone_only_if_a_second_read_confirms_it() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure, &config(&azure)).await;

    for refusal in [Effect::new().error(404, "NotFound", "absent"), not_onboarded(), no_workspace_metadata()] {
        azure.fault_once("GET", "/dataConnectors", refusal);
        assert!(!resource.refresh_only().await.has_errors());
        assert!(resource.state().is_some(), "one wrong response");
    }
}

#[tokio::test(start_paused = true)]
async fn rejects_or_adopts_an_existing_connector() {
    let azure = Azure::start_empty().await;
    portal(&azure, OTHER, "enabled");
    let config = monitoring(&azure, OTHER);

    let planned = resource(&azure).plan(&config).await;
    assert_eq!(summaries(&planned.diagnostics), [format!("~The connector of {OTHER} in law-soc already exists")]);
    let rejection = resource(&azure).apply(&config).await;
    assert!(rejection.has_errors() && rejection.to_string().contains("dataConnectors/p1"), "{rejection}");
    let named = config.clone().with(&ADOPT_EXISTING, true).with(&NAME, Some("mine".to_owned()));
    let rejection = resource(&azure).apply(&named).await;
    assert!(summaries(&rejection).contains(&"The subscription has a connector with another name".to_owned()));
    azure.simulator.clear_requests();
    let mut adopting = resource(&azure);
    let adopted = adopting.apply(&config.clone().with(&ADOPT_EXISTING, true)).await;

    assert!(!adopted.has_errors() && adopted.to_string().contains("is adopted"), "{adopted}");
    assert!(!azure.methods("/dataConnectors").contains("PUT"));
    assert!(!adopting.destroy().await.has_errors());
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn synchronization_is_managed_only_if_it_is_set() {
    let azure = Azure::start_empty().await;
    let config = monitoring(&azure, OTHER);
    let mut resource = created(&azure, &config).await;
    assert_eq!(sync(&azure), None);

    let on = config.clone().with(&BIDIRECTIONAL_SYNC_ENABLED, Some(true));
    assert!(!resource.apply(&on).await.has_errors());
    assert_eq!(sync(&azure).expect("written")["properties"], json!({"enabled": true}));
    let id = sync(&azure).expect("written")["id"].as_str().expect("an ID").to_owned();
    let mut off = sync(&azure).expect("written");
    off["properties"]["enabled"] = json!(false);
    azure.simulator.put_document(&id, off);
    assert_eq!(resource.plan(&on).await.action, PlannedAction::Update);
    assert!(!resource.apply(&on).await.has_errors());
    assert!(!resource.apply(&config).await.has_errors());
    assert!(!resource.destroy().await.has_errors());
    assert_eq!(sync(&azure).expect("the setting")["properties"], json!({"enabled": true}));
}

#[tokio::test(start_paused = true)]
async fn failed_setting_write_connects_nothing_and_names_the_subscription() {
    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/settings/Sentinel", Effect::new().error(400, "BadRequest", "no"));
    let config = monitoring(&azure, OTHER).with(&BIDIRECTIONAL_SYNC_ENABLED, Some(true));

    let failed = resource(&azure).apply(&config).await;

    assert!(failed.to_string().contains(&format!("about the monitored subscription {OTHER}")), "{failed}");
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn plan_checks_the_monitored_subscription() {
    let azure = Azure::start_empty().await;
    let own = azure.workspace().subscription().to_owned();
    let plan = format!("/subscriptions/{own}/providers/Microsoft.Security/pricings/VirtualMachines");
    assert!(azure.simulator.delete_document(&plan));
    let planned = resource(&azure).plan(&config(&azure)).await;
    assert_eq!(summaries(&planned.diagnostics), [format!("~The monitored subscription {own} has no Defender plan")]);

    let unknown = "11111111-1111-1111-1111-111111111111";
    let planned = resource(&azure).plan(&monitoring(&azure, unknown)).await;
    assert_eq!(summaries(&planned.diagnostics), [format!("~The monitored subscription {unknown} cannot be read")]);

    let mut subscription = azure.simulator.document(&format!("/subscriptions/{OTHER}")).expect("a subscription");
    subscription["tenantId"] = json!("c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87");
    azure.fault("GET", &format!(r"^/subscriptions/{OTHER}\?"), Effect::new().json(subscription));
    let planned = resource(&azure).plan(&monitoring(&azure, OTHER)).await;
    assert_eq!(summaries(&planned.diagnostics), ["The monitored subscription is in another tenant"]);
}

#[tokio::test(start_paused = true)]
async fn plan_warns_if_tenant_wide_alerts_also_stream() {
    let azure = Azure::start_empty().await;
    let properties = json!({
        "tenantId": azure.tenant(), "dataTypes": {"alerts": {"state": "Enabled"}, "incidents": {"state": "Disabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    });
    azure.put("dataConnectors/x", json!({"name": "x", "kind": "MicrosoftThreatProtection", "properties": properties}));

    let planned = resource(&azure).plan(&monitoring(&azure, OTHER)).await;

    assert_eq!(summaries(&planned.diagnostics), [format!("~Alerts of {OTHER} will arrive twice in law-soc")]);
}

#[tokio::test(start_paused = true)]
async fn create_recovers_a_lost_response_and_reports_a_taken_name() {
    let azure = Azure::start_empty().await;
    azure.fault_once("PUT", "/dataConnectors", Effect::new().error(500, "InternalServerError", "lost"));
    created(&azure, &config(&azure)).await;
    assert_eq!(connectors(&azure).len(), 1);

    let azure = Azure::start_empty().await;
    azure.put(PORTAL, json!({"name": "p1", "kind": "Office365", "properties": {}}));
    let failed = resource(&azure).apply(&config(&azure).with(&NAME, Some("P1".to_owned()))).await;
    assert!(summaries(&failed).contains(&"The new connector's name is taken".to_owned()), "{failed}");
}
