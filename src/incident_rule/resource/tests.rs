//! Tests of the resource on a simulated workspace.

use std::collections::BTreeSet;

use azure_simulator::Effect;
use serde_json::{Value, json};

use super::attributes::{
    ADOPT_EXISTING, ALERT_RULE_TEMPLATE_GUID, DISPLAY_NAME, ENABLED, NAME, PRODUCT_FILTER, SEVERITY_FILTER,
    WORKSPACE_ID, schema,
};
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{Config, PlannedAction};
use crate::incident_rule::IncidentCreationRule;
use crate::session::Session;
use crate::testing::{Azure, not_onboarded};

const RULE: &str = "alertRules/r1";

/// A rule with the name `r1`.
fn config(azure: &Azure) -> Config {
    Config::empty(&schema())
        .with(&WORKSPACE_ID, azure.workspace())
        .with(&NAME, Some("r1".to_owned()))
        .with(&DISPLAY_NAME, "Cloud".to_owned())
        .with(&PRODUCT_FILTER, "Microsoft Defender for Cloud".to_owned())
}

fn resource(azure: &Azure) -> Lifecycle {
    let client = azure.client();
    Lifecycle::single(|| IncidentCreationRule, move || Session::new(client.clone()))
}

/// A rule that was created outside of Terraform.
fn existing(azure: &Azure, kind: &str) {
    let properties = json!({
        "displayName": "Portal", "productFilter": "Azure Security Center", "enabled": false, "novelty": true,
        "alertRuleTemplateName": "90586451-7ba8-4c1e-9904-7d1b7c3cc4d6",
    });
    azure.put(RULE, json!({"name": "r1", "kind": kind, "etag": "\"1\"", "properties": properties}));
}

fn properties(azure: &Azure) -> Value {
    azure.document(RULE).expect("a rule")["properties"].clone()
}

async fn created(azure: &Azure) -> Lifecycle {
    let mut resource = resource(azure);
    let diagnostics = resource.apply(&config(azure)).await;
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    azure.simulator.clear_requests();
    resource
}

#[tokio::test(start_paused = true)]
async fn creates_updates_and_deletes_a_rule() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure).await;
    assert_eq!(properties(&azure)["productFilter"], "Azure Security Center");
    assert_eq!(resource.plan(&config(&azure)).await.action, PlannedAction::NoOp);
    assert_eq!(azure.methods("/alertRules"), "GET", "a refresh sends one request");

    let changed = config(&azure).with(&SEVERITY_FILTER, Some(BTreeSet::from(["High".to_owned()])));
    assert!(!resource.apply(&changed).await.has_errors());
    assert_eq!(properties(&azure)["severitiesFilter"], json!(["High"]));
    assert!(!resource.apply(&config(&azure)).await.has_errors());
    assert_eq!(properties(&azure)["severitiesFilter"], Value::Null);

    assert!(!resource.destroy().await.has_errors());
    assert_eq!(azure.document(RULE), None);
}

#[tokio::test(start_paused = true)]
async fn generates_a_guid_as_the_default_name() {
    let azure = Azure::start_empty().await;
    let mut resource = resource(&azure);

    assert!(!resource.apply(&config(&azure).with(&NAME, None)).await.has_errors());

    let name = resource.state().expect("created").get(&NAME).expect("text").expect("a name");
    assert!(uuid::Uuid::try_parse(&name).is_ok());
    assert_eq!(azure.documents("alertRules").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn rejects_or_adopts_an_existing_rule_and_keeps_unknown_properties() {
    let azure = Azure::start_empty().await;
    existing(&azure, "MicrosoftSecurityIncidentCreation");

    let planned = resource(&azure).plan(&config(&azure)).await;
    assert!(summaries(&planned.diagnostics).iter().all(|summary| summary.starts_with("~The rule r1 in law-soc")));
    let adopted = resource(&azure).plan(&config(&azure).with(&ADOPT_EXISTING, true)).await.diagnostics.to_string();
    let changes = "`display_name` (\"Portal\" -> \"Cloud\"), `enabled` (false -> true).";
    assert!(adopted.contains(changes), "{adopted}");
    let rejected = resource(&azure).apply(&config(&azure)).await;
    assert!(rejected.has_errors() && rejected.to_string().contains("import {"), "{rejected}");
    let mut adopting = resource(&azure);
    let diagnostics = adopting.apply(&config(&azure).with(&ADOPT_EXISTING, true)).await;

    assert!(diagnostics.to_string().contains("is adopted"), "{diagnostics}");
    let properties = properties(&azure);
    assert_eq!((&properties["displayName"], &properties["enabled"]), (&json!("Cloud"), &json!(true)));
    let template = adopting.state().expect("adopted").get(&ALERT_RULE_TEMPLATE_GUID).expect("text");
    assert_eq!(properties["alertRuleTemplateName"].as_str(), template.as_deref(), "the template is kept");
    assert!(template.is_some());
}

#[tokio::test(start_paused = true)]
async fn reports_the_name_of_a_rule_of_another_kind_at_plan() {
    let azure = Azure::start_empty().await;
    existing(&azure, "Scheduled");

    let planned = resource(&azure).plan(&config(&azure).with(&ADOPT_EXISTING, true)).await;
    assert_eq!(summaries(&planned.diagnostics), ["~The name r1 belongs to a rule of another kind"]);
    let applied = resource(&azure).apply(&config(&azure).with(&ADOPT_EXISTING, true)).await;

    assert!(summaries(&applied).contains(&"The name r1 belongs to a rule of another kind".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn merges_with_the_current_document_after_an_etag_conflict() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure).await;
    let conflict = "Newer instance of rule 'r1' exists for workspace 'w' (Etag does not match). Data was not saved.";
    azure.fault_once("PUT", "/alertRules", Effect::new().error(409, "Conflict", conflict));

    assert!(!resource.apply(&config(&azure).with(&ENABLED, false)).await.has_errors());

    assert_eq!(properties(&azure)["enabled"], false);
    assert_eq!(azure.methods("/alertRules"), "GET GET PUT GET PUT GET");
}

#[tokio::test(start_paused = true)]
async fn reports_a_rule_that_the_defender_portal_does_not_accept() {
    let portal = "Not supported for workspaces in the Microsoft Defender portal.";
    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/alertRules", Effect::new().error(400, "BadRequest", portal));
    let diagnostics = resource(&azure).apply(&config(&azure)).await;
    assert_eq!(summaries(&diagnostics), ["The Defender portal does not accept incident creation rules"]);

    let azure = Azure::start_empty().await;
    let id = azure.id(RULE);
    azure.before(
        |request| request.method == "GET" && request.path.contains("/alertRules/r1"),
        move |world| {
            world.delete_document(&id);
        },
    );
    let diagnostics = resource(&azure).apply(&config(&azure)).await;
    assert_eq!(summaries(&diagnostics), ["Azure did not save the rule"]);

    let azure = Azure::start_empty().await;
    let id = azure.id(RULE);
    azure.before(
        |request| request.method == "GET" && request.path.contains("/alertRules/r1") && request.earlier > 0,
        move |world| {
            if let Some(mut document) = world.document(&id).cloned() {
                document["properties"]["enabled"] = json!(false);
                world.put_document(&id, document);
            }
        },
    );
    let diagnostics = resource(&azure).apply(&config(&azure)).await;
    assert_eq!(summaries(&diagnostics), ["Azure disabled the rule"]);
}

#[tokio::test(start_paused = true)]
async fn create_waits_for_onboarding_and_recovers_a_lost_response() {
    let azure = Azure::start_empty().await;
    azure.fault_once("GET", "/alertRules/", not_onboarded());
    azure.fault_once("PUT", "/alertRules", Effect::new().error(500, "InternalServerError", "lost"));

    created(&azure).await;

    assert_eq!(properties(&azure)["displayName"], "Cloud");
}

#[tokio::test(start_paused = true)]
async fn rule_is_gone_only_if_the_list_confirms_it() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure).await;

    azure.fault_once("GET", "/alertRules/", Effect::new().error(404, "NotFound", "absent"));
    assert!(!resource.refresh_only().await.has_errors());
    assert!(resource.state().is_some(), "one wrong response");

    azure.simulator.delete_document(&azure.id(RULE));
    assert_eq!(resource.plan(&config(&azure)).await.action, PlannedAction::Create);
    assert!(resource.state().is_none());
}

#[tokio::test(start_paused = true)]
async fn destroy_of_a_missing_rule_succeeds_and_keeps_a_rule_of_another_kind() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure).await;
    let destroy = resource.plan_destroy().await;
    existing(&azure, "Scheduled");

    assert!(!resource.delete_planned(destroy.private).await.has_errors());

    assert_eq!(azure.document(RULE).expect("a rule")["kind"], "Scheduled");
}

#[tokio::test(start_paused = true)]
async fn plan_warns_if_defender_xdr_also_creates_the_incidents() {
    let azure = Azure::start_empty().await;
    let properties = json!({"tenantId": azure.tenant(), "dataTypes": {"incidents": {"state": "Enabled"}}});
    azure.put("dataConnectors/x", json!({"name": "x", "kind": "MicrosoftThreatProtection", "properties": properties}));
    let twice = "~Incidents will be created twice in the workspace law-soc".to_owned();

    let planned = resource(&azure).plan(&config(&azure)).await;
    assert_eq!(summaries(&planned.diagnostics), [twice]);
    let off = resource(&azure).plan(&config(&azure).with(&ENABLED, false)).await;
    assert!(off.diagnostics.is_empty());
}

#[tokio::test(start_paused = true)]
async fn changed_name_replaces_the_rule() {
    let azure = Azure::start_empty().await;
    let mut resource = created(&azure).await;

    let planned = resource.plan(&config(&azure).with(&NAME, Some("r2".to_owned()))).await;
    assert_eq!(planned.action, PlannedAction::Replace);
    assert_eq!(resource.plan(&config(&azure).with(&NAME, Some("R1".to_owned()))).await.action, PlannedAction::NoOp);
}

#[tokio::test(start_paused = true)]
async fn plan_reports_two_rules_with_one_name_but_not_one_planned_twice() {
    let azure = Azure::start_empty().await;
    let resource = resource(&azure);
    resource.begin_run().await;

    let twice = [resource.plan_as_read(&config(&azure)).await, resource.plan_as_read(&config(&azure)).await];
    let other = config(&azure).with(&NAME, Some("R1".to_owned())).with(&DISPLAY_NAME, "Other".to_owned());
    let second = resource.sibling().plan_as_read(&other).await;

    assert!(twice.iter().all(|planned| planned.diagnostics.is_empty()));
    assert_eq!(summaries(&second.diagnostics), ["~Two resources manage the rule R1 in law-soc"]);
}
