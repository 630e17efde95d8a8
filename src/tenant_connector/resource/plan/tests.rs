//! Tests of plans through the framework's server.

use azure_simulator::Effect;
use serde_json::json;

use crate::defender_xdr::TENANT_ID;
use crate::framework::testing::{Lifecycle, PlanResult, summaries};
use crate::framework::{Config, PlannedAction, Value};
use crate::sentinel::TenantId;
use crate::session::Session;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::resource::attributes::{ADOPT_EXISTING, CONTRACT, WORKSPACE_ID, schema};
use crate::tenant_connector::resource::contract_override::ContractOverride;
use crate::testing::Azure;

const NOTHING: [&str; 0] = [];

/// A resource without a state, at the start of a run.
async fn connection(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    let connection = Lifecycle::single(|| TenantConnector, move || Session::new(client.clone()));
    connection.begin_run().await;
    connection
}

/// A resource that was created in an earlier run.
async fn created(azure: &Azure) -> Lifecycle {
    let mut connection = connection(azure).await;
    let diagnostics = connection.apply(&config(azure)).await;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    connection.begin_run().await;
    connection
}

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace())
}

/// The plan of a creation.
async fn plan(azure: &Azure, config: &Config) -> PlanResult {
    connection(azure).await.plan_as_read(config).await
}

/// A workspace with one data connector.
async fn holding(kind: &str, properties: serde_json::Value) -> Azure {
    let azure = Azure::start_empty().await;
    azure.put("dataConnectors/p1", json!({ "kind": kind, "properties": properties }));
    azure
}

async fn streaming() -> Azure {
    let properties = json!({
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    });
    holding("MicrosoftThreatProtection", properties).await
}

fn methods(azure: &Azure) -> String {
    azure.methods("/dataConnectors")
}

const CONFLICT: &str = "~The tenant-based connector in law-soc already exists";

#[tokio::test(start_paused = true)]
async fn plans_the_tenant_of_a_known_workspace() {
    let azure = Azure::start_empty().await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &azure.tenant().into());
    assert_eq!(planned.planned.attribute("id"), &Value::Unknown);
    assert_eq!(methods(&azure), "GET");
}

#[tokio::test(start_paused = true)]
async fn sends_no_request_while_the_workspace_is_unknown() {
    let azure = streaming().await;

    let planned = plan(&azure, &config(&azure).with_unknown(&WORKSPACE_ID)).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &Value::Unknown);
    assert_eq!(methods(&azure), "");
}

#[tokio::test(start_paused = true)]
async fn existing_connection_is_a_conflict_unless_it_may_be_adopted() {
    let azure = streaming().await;

    let rejected = plan(&azure, &config(&azure)).await;
    let adopted = plan(&azure, &config(&azure).with(&ADOPT_EXISTING, true)).await;
    let undecided = plan(&azure, &config(&azure).with_unknown(&ADOPT_EXISTING)).await;

    assert_eq!(summaries(&rejected.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&adopted.diagnostics), ["~The existing tenant-based connector in law-soc is adopted"]);
    assert_eq!(summaries(&undecided.diagnostics), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn doubts_the_portal_only_if_no_alerts_stream() {
    let connector = |alerts: &str| {
        json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": alerts}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        })
    };
    let idle = holding("MicrosoftThreatProtection", connector("Disabled")).await;
    let streaming = holding("MicrosoftThreatProtection", connector("Enabled")).await;

    let doubtful = plan(&idle, &config(&idle)).await;
    let certain = plan(&streaming, &config(&streaming)).await;

    assert_eq!(
        summaries(&doubtful.diagnostics),
        ["~The portal shows the tenant-based connector of law-soc as connected"]
    );
    assert_eq!(summaries(&certain.diagnostics), [CONFLICT]);
}

#[tokio::test(start_paused = true)]
async fn reports_a_different_tenant_on_the_argument() {
    let azure = Azure::start_empty().await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let planned = plan(&azure, &config(&azure).with(&TENANT_ID, Some(other))).await;

    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert_eq!(diagnostic.path, Some(TENANT_ID.path()));
}

#[tokio::test(start_paused = true)]
async fn keeps_the_configured_case_of_the_tenant() {
    let azure = Azure::start_empty().await;
    let given = TenantId::from_azure(&azure.tenant().to_uppercase());

    let planned = plan(&azure, &config(&azure).with(&TENANT_ID, Some(given))).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &azure.tenant().to_uppercase().into());
}

#[tokio::test(start_paused = true)]
async fn requires_tenant_id_if_the_subscription_cannot_be_read() {
    let azure = Azure::start_empty().await;
    azure.fault("GET", r"^/subscriptions(/[^/]*)?\?", Effect::new().error(403, "AuthorizationFailed", "no"));

    let planned = plan(&azure, &config(&azure)).await;
    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert!(diagnostic.detail.contains("What to do:\n  - Set `tenant_id`"), "{}", diagnostic.detail);

    let given = config(&azure).with(&TENANT_ID, Some(TenantId::from_azure(&azure.tenant())));
    let planned = plan(&azure, &given).await;
    assert_eq!(summaries(&planned.diagnostics), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn only_warns_about_missing_onboarding_that_the_run_may_add() {
    let azure = Azure::start().await;
    let config = config(&azure).with(&WORKSPACE_ID, azure.workspace_named("law-fresh"));

    let planned = plan(&azure, &config).await;

    assert_eq!(summaries(&planned.diagnostics), ["~The workspace law-fresh is not onboarded to Microsoft Sentinel"]);
}

#[tokio::test(start_paused = true)]
async fn only_warns_about_a_missing_role_that_the_run_may_assign() {
    let azure = Azure::start_empty().await;
    azure.fault("GET", "/dataConnectors", Effect::new().error(403, "AuthorizationFailed", "no"));

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~Missing permission on the workspace law-soc"]);
    assert_eq!(methods(&azure), "GET", "a plan does not wait");
}

#[tokio::test(start_paused = true)]
async fn warns_about_the_subscription_based_connector() {
    let legacy = json!({"subscriptionId": "s", "dataTypes": {"alerts": {"state": "Enabled"}}});
    let azure = holding("AzureSecurityCenter", legacy).await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~Alerts will arrive twice in law-soc"]);
}

#[tokio::test(start_paused = true)]
async fn warns_about_other_products_that_the_create_enables() {
    let left_behind = json!({
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
    });
    let azure = holding("MicrosoftThreatProtection", left_behind).await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~This plan also enables alerts of other products in law-soc"]);
}

#[tokio::test(start_paused = true)]
async fn warns_about_a_destroy_that_disables_all_alerts() {
    let azure = Azure::start_empty().await;
    let connection = created(&azure).await;
    assert_eq!(summaries(&connection.plan_destroy().await.diagnostics), NOTHING);

    let mut connector = azure.documents("dataConnectors").remove(0);
    connector["properties"]["filteredProviders"] = serde_json::Value::Null;
    let id = connector["id"].as_str().expect("an ID").to_owned();
    azure.simulator.put_document(&id, connector);
    let planned = connection.plan_destroy().await;

    assert_eq!(summaries(&planned.diagnostics), ["~Destroying this resource disables all Defender alerts in law-soc"]);
}

#[tokio::test(start_paused = true)]
async fn apply_of_a_destroy_does_not_repeat_the_warning() {
    let azure = Azure::start_empty().await;
    let types = json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}});
    let properties = json!({"tenantId": azure.tenant(), "dataTypes": types});
    azure.put("dataConnectors/p1", json!({"kind": "MicrosoftThreatProtection", "properties": properties}));
    let mut connection = connection(&azure).await;
    connection.apply_planned(&config(&azure).with(&ADOPT_EXISTING, true)).await;
    connection.begin_run().await;

    let planned = connection.plan_destroy().await;
    let deleted = connection.delete_planned(planned.private).await;

    assert_eq!(summaries(&planned.diagnostics), ["~Destroying this resource disables all Defender alerts in law-soc"]);
    assert_eq!(summaries(&deleted), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn warns_about_a_destroy_of_an_adopted_or_imported_connection() {
    let azure = streaming().await;
    let mut adopted = connection(&azure).await;
    adopted.apply_planned(&config(&azure).with(&ADOPT_EXISTING, true)).await;
    let mut imported = connection(&azure).await;
    imported.import_in_run(&azure.workspace().to_string()).await;

    for mut connection in [adopted, imported] {
        connection.begin_run().await;
        connection.read().await;
        let planned = connection.plan_destroy().await;
        assert_eq!(summaries(&planned.diagnostics), ["~Destroying this resource disables existing alerts in law-soc"]);
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_warns_about_a_second_connector_without_a_filter() {
    let azure = Azure::start_empty().await;
    let connection = created(&azure).await;
    let unfiltered = json!({"dataTypes": {"alerts": {"state": "Enabled"}}});
    azure.put("dataConnectors/z", json!({"kind": "MicrosoftThreatProtection", "properties": unfiltered}));

    let planned = connection.plan_destroy().await;

    assert_eq!(summaries(&planned.diagnostics), ["~Destroying this resource disables all Defender alerts in law-soc"]);
}

#[tokio::test(start_paused = true)]
async fn plan_without_changes_sends_no_request() {
    let azure = Azure::start_empty().await;
    let connection = created(&azure).await;
    let before = methods(&azure);

    let planned = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(&planned.planned, connection.state().expect("a state").value());
    assert_eq!(methods(&azure), before);
}

#[tokio::test(start_paused = true)]
async fn replacement_does_not_conflict_with_itself() {
    let azure = Azure::start_empty().await;
    let mut connection = created(&azure).await;
    let other = ContractOverride::of_provider("mdc");
    connection.read().await;

    let planned = connection.plan_as_read(&config(&azure).with(&CONTRACT, Some(other))).await;

    assert_eq!((planned.action, summaries(&planned.diagnostics)), (PlannedAction::Replace, Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn repeated_reads_and_plans_have_the_same_result() {
    let azure = Azure::start_empty().await;
    let new = connection(&azure).await;
    let creation = new.plan_as_read(&config(&azure)).await;
    assert_eq!((&new.plan_as_read(&config(&azure)).await, summaries(&creation.diagnostics)), (&creation, Vec::new()));

    let mut connection = created(&azure).await;
    for _ in 0..2 {
        connection.read().await;
        assert_eq!(summaries(&connection.plan_as_read(&config(&azure)).await.diagnostics), NOTHING);
        assert_eq!(summaries(&connection.plan_destroy().await.diagnostics), NOTHING);
    }
}

#[tokio::test(start_paused = true)]
async fn failed_plan_does_not_affect_the_next_plan() {
    let azure = Azure::start_empty().await;
    azure.fault_once("GET", r"/dataConnectors\?", Effect::new().error(400, "BadRequest", "no"));
    let connection = connection(&azure).await;

    let failed = connection.plan_as_read(&config(&azure)).await;
    let planned = connection.plan_as_read(&config(&azure)).await;

    assert!(failed.diagnostics.has_errors());
    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(connection.plan_as_read(&config(&azure)).await, planned);
}

#[tokio::test(start_paused = true)]
async fn detects_a_second_resource_in_either_order_of_plans() {
    let azure = Azure::start_empty().await;
    let adopting = config(&azure).with(&ADOPT_EXISTING, true);
    for second_first in [false, true] {
        let mut old = created(&azure).await;
        let new = old.sibling();
        old.read().await;
        let (first, second) = if second_first {
            let first = new.plan_as_read(&adopting).await;
            (first, old.plan_as_read(&config(&azure)).await)
        } else {
            let first = old.plan_as_read(&config(&azure)).await;
            (first, new.plan_as_read(&adopting).await)
        };

        assert_eq!(summaries(&first.diagnostics), NOTHING);
        let severity = if second_first { "~" } else { "" };
        assert_eq!(
            summaries(&second.diagnostics),
            [format!("{severity}Two resources manage the tenant-based connector in law-soc")]
        );
        old.destroy().await;
    }
}

#[tokio::test(start_paused = true)]
async fn apply_rejects_a_second_resource_for_the_workspace() {
    let azure = Azure::start_empty().await;
    let mut one = connection(&azure).await;
    let mut other = one.sibling();

    assert_eq!(summaries(&one.apply_planned(&config(&azure)).await), NOTHING);
    assert_eq!(
        summaries(&other.apply_planned(&config(&azure)).await),
        ["Two resources manage the tenant-based connector in law-soc"]
    );

    assert!(other.state().is_none() && azure.documents("dataConnectors").len() == 1);
}

#[tokio::test(start_paused = true)]
async fn create_and_plan_in_one_session_do_not_conflict() {
    let azure = Azure::start_empty().await;
    let mut connection = connection(&azure).await;

    connection.apply_planned(&config(&azure)).await;
    let unchanged = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(summaries(&unchanged.diagnostics), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn tainted_resource_does_not_conflict_with_itself() {
    let azure = Azure::start_empty().await;
    let mut connection = created(&azure).await;
    connection.taint();

    let other = plan(&azure, &config(&azure)).await;
    connection.read().await;
    let tainted = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(summaries(&other.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&tainted.diagnostics), NOTHING);
}
