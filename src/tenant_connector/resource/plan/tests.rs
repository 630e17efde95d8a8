//! Plans as Terraform asks for them: through the framework's server.

use serde_json::json;

use crate::azure::testing::Reply;
use crate::framework::testing::{Answer, Lifecycle, summaries};
use crate::framework::{Config, PlannedAction, Value};
use crate::sentinel::data_connector::testing::{Azure, Mishap, TENANT, not_onboarded};
use crate::session::Session;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::resource::attributes::{ADOPT_EXISTING, CONTRACT, TENANT_ID, WORKSPACE_ID, schema};
use crate::tenant_connector::resource::contract_override::ContractOverride;
use crate::tenant_connector::resource::tenant_id::TenantId;

const NO_MISHAP: Mishap = |_, _, _| None;

const NOTHING: [&str; 0] = [];

/// A connection that is in no state yet, in a run that begins.
async fn connection(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    let connection = Lifecycle::alone(|| TenantConnector, move || Session::new(client.clone()));
    connection.begin_run().await;
    connection
}

/// One that was created in an earlier run.
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
async fn plan(azure: &Azure, config: &Config) -> Answer {
    connection(azure).await.plan_as_read(config).await
}

fn streaming() -> serde_json::Value {
    json!({"name": "p1", "kind": "MicrosoftThreatProtection", "properties": {
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    }})
}

const CONFLICT: &str = "The connection already exists";

#[tokio::test]
async fn the_tenant_is_known_as_soon_as_the_workspace_is() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &TENANT.into());
    assert_eq!(planned.planned.attribute("id"), &Value::Unknown);
    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_workspace_that_is_not_known_yet_is_not_looked_at() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;

    let planned = plan(&azure, &config(&azure).with_unknown(&WORKSPACE_ID)).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &Value::Unknown);
    assert_eq!(azure.methods(), "");
}

#[tokio::test]
async fn a_workspace_that_streams_is_a_conflict_unless_it_may_be_taken_over() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;

    let refused = plan(&azure, &config(&azure)).await;
    let adopted = plan(&azure, &config(&azure).with(&ADOPT_EXISTING, true)).await;
    let undecided = plan(&azure, &config(&azure).with_unknown(&ADOPT_EXISTING)).await;

    assert_eq!(summaries(&refused.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&adopted.diagnostics), ["~An existing connection is taken over"]);
    assert_eq!(summaries(&undecided.diagnostics), NOTHING);
}

#[tokio::test]
async fn a_different_tenant_is_an_error_on_the_argument() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let planned = plan(&azure, &config(&azure).with(&TENANT_ID, Some(other))).await;

    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert_eq!(diagnostic.path, Some(TENANT_ID.path()));
}

#[tokio::test]
async fn a_tenant_given_in_another_case_stays_as_it_was_given() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let given = TenantId::from_azure(&TENANT.to_uppercase());

    let planned = plan(&azure, &config(&azure).with(&TENANT_ID, Some(given))).await;

    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(planned.planned.attribute("tenant_id"), &TENANT.to_uppercase().into());
}

#[tokio::test]
async fn a_subscription_that_may_not_be_read_needs_a_given_tenant() {
    let azure = Azure::holding(Vec::new(), |request, _, _| {
        request.target.starts_with("/subscriptions/s?").then(|| Reply::error(403, "AuthorizationFailed", "no"))
    })
    .await;

    let planned = plan(&azure, &config(&azure)).await;
    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert!(diagnostic.detail.contains("set tenant_id"), "{}", diagnostic.detail);

    let given = config(&azure).with(&TENANT_ID, Some(TenantId::from_azure(TENANT)));
    let planned = plan(&azure, &given).await;
    assert_eq!(summaries(&planned.diagnostics), NOTHING);
}

#[tokio::test]
async fn a_workspace_without_sentinel_is_only_warned_of_since_the_run_may_add_it() {
    let azure = Azure::holding(Vec::new(), |request, _, _| {
        let missing = || Reply::error(404, "NotFound", "no state");
        let subscription = request.target.starts_with("/subscriptions/s?");
        let onboarding = request.target.contains("onboardingStates");
        (!subscription).then(|| if onboarding { missing() } else { not_onboarded() })
    })
    .await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~The workspace is not onboarded to Microsoft Sentinel"]);
}

#[tokio::test]
async fn the_subscription_based_connector_is_warned_of() {
    let legacy = json!({"name": "l", "kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": "s", "dataTypes": {"alerts": {"state": "Enabled"}},
    }});
    let azure = Azure::holding(vec![legacy], NO_MISHAP).await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~Alerts will arrive twice"]);
}

#[tokio::test]
async fn products_whose_alerts_start_too_are_warned_of() {
    let left_behind = json!({"name": "p1", "kind": "MicrosoftThreatProtection", "properties": {
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
    }});
    let azure = Azure::holding(vec![left_behind], NO_MISHAP).await;

    let planned = plan(&azure, &config(&azure)).await;

    assert_eq!(summaries(&planned.diagnostics), ["~Other products' alerts start to stream as well"]);
}

#[tokio::test]
async fn a_destroy_that_turns_off_all_alerts_is_warned_of() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let connection = created(&azure).await;
    assert_eq!(summaries(&connection.plan_destroy().await.diagnostics), NOTHING);

    azure.change(|documents| documents[0]["properties"]["filteredProviders"] = serde_json::Value::Null);
    let planned = connection.plan_destroy().await;

    assert_eq!(summaries(&planned.diagnostics), ["~The alerts of every product are turned off"]);
}

#[tokio::test]
async fn a_destroy_warns_of_a_second_connector_without_a_filter() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let connection = created(&azure).await;
    azure.change(|documents| {
        documents.push(json!({"name": "z", "kind": "MicrosoftThreatProtection", "properties": {
            "dataTypes": {"alerts": {"state": "Enabled"}},
        }}));
    });

    let planned = connection.plan_destroy().await;

    assert_eq!(summaries(&planned.diagnostics), ["~The alerts of every product are turned off"]);
}

#[tokio::test]
async fn what_exists_and_stays_is_planned_without_a_request() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let connection = created(&azure).await;
    let before = azure.methods();

    let planned = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(&planned.planned, connection.state().expect("it is in the state").value());
    assert_eq!(azure.methods(), before);
}

#[tokio::test]
async fn a_replacement_is_no_conflict_with_itself() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let mut connection = created(&azure).await;
    let other = ContractOverride::of_provider("mdc");
    connection.read().await;

    let planned = connection.plan_as_read(&config(&azure).with(&CONTRACT, Some(other))).await;

    assert_eq!((planned.action, summaries(&planned.diagnostics)), (PlannedAction::Replace, Vec::new()));
}

#[tokio::test]
async fn each_request_of_a_run_may_be_repeated() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
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

#[tokio::test]
async fn a_plan_that_failed_leaves_nothing_behind() {
    let azure = Azure::holding(Vec::new(), |request, before, _| {
        (request.target.contains("dataConnectors?") && before == 0)
            .then(|| Reply::error(403, "AuthorizationFailed", "no"))
    })
    .await;
    let connection = connection(&azure).await;

    let failed = connection.plan_as_read(&config(&azure)).await;
    let planned = connection.plan_as_read(&config(&azure)).await;

    assert!(failed.diagnostics.has_errors());
    assert_eq!(summaries(&planned.diagnostics), NOTHING);
    assert_eq!(connection.plan_as_read(&config(&azure)).await, planned);
}

#[tokio::test]
async fn a_second_resource_is_found_in_whichever_order_they_are_planned() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let adopting = config(&azure).with(&ADOPT_EXISTING, true);
    for second_first in [false, true] {
        let mut old = created(&azure).await;
        let new = old.beside();
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
        assert_eq!(summaries(&second.diagnostics), [format!("{severity}Two resources manage the same connection")]);
        old.destroy().await;
    }
}

#[tokio::test]
async fn of_two_new_resources_for_one_workspace_the_second_is_refused_when_it_is_applied() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let mut one = connection(&azure).await;
    let mut other = one.beside();

    assert_eq!(summaries(&one.apply_planned(&config(&azure)).await), NOTHING);
    assert_eq!(summaries(&other.apply_planned(&config(&azure)).await), ["Two resources manage the same connection"]);

    assert!(other.state().is_none() && azure.documents().len() == 1);
}

#[tokio::test]
async fn a_life_in_one_session_is_no_conflict_with_itself() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let mut connection = connection(&azure).await;

    connection.apply_planned(&config(&azure)).await;
    let unchanged = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(summaries(&unchanged.diagnostics), NOTHING);
}

#[tokio::test]
async fn a_tainted_object_is_no_conflict_with_itself_but_a_strangers_is() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let mut connection = created(&azure).await;
    connection.taint();

    let unknown = plan(&azure, &config(&azure)).await;
    connection.read().await;
    let tainted = connection.plan_as_read(&config(&azure)).await;

    assert_eq!(summaries(&unknown.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&tainted.diagnostics), NOTHING);
}
