//! Plans as Terraform asks for them: through the framework's server.

use std::sync::Mutex;

use serde_json::json;

use crate::azure::testing::Reply;
use crate::framework::{
    AnyDataSource, AnyResource, ApplyRequest, Config, ConfigureRequest, Context, Diagnostics, Knowable, PlanRequest,
    PlanResponse, Provider, ReadRequest, Schema, Server, Value, resource,
};
use crate::sentinel::data_connector::testing::{Azure, Mishap, TENANT, not_onboarded};
use crate::session::Session;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::resource::attributes::{ADOPT_EXISTING, TENANT_ID, WORKSPACE_ID, schema};
use crate::tenant_connector::resource::tenant_id::TenantId;

const TYPE: &str = "sentinel_dfc_tenant_connector";
const NO_MISHAP: Mishap = |_, _, _| None;

/// A provider that has its session already.
struct Configured(Mutex<Option<Session>>);

impl Provider for Configured {
    type Client = Session;

    fn name(&self) -> &'static str {
        "sentinel"
    }

    fn schema(&self) -> Schema {
        Schema::new("")
    }

    async fn configure(&self, _: &Context, _: Config, _: &str) -> Result<Knowable<Session>, Diagnostics> {
        Ok(Knowable::Known(self.0.lock().expect("nobody panicked").take().expect("configured once")))
    }

    fn resources(&self) -> Vec<AnyResource<Session>> {
        vec![resource(TenantConnector)]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
        Vec::new()
    }
}

/// What Terraform keeps of an object.
#[derive(Clone)]
struct Saved {
    state: Value,
    private: Vec<u8>,
    identity: Option<Value>,
}

/// A provider process.
async fn process(azure: &Azure) -> Server {
    let server = Server::new(Configured(Mutex::new(Some(azure.session())))).expect("a sound provider");
    let config = Value::Object(std::collections::BTreeMap::new());
    let diagnostics =
        server.configure_provider(ConfigureRequest { terraform_version: "1.11.4".to_owned(), config }).await;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    server
}

fn config(azure: &Azure) -> Config {
    Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace())
}

async fn plan(server: &Server, config: &Config, prior: Option<&Saved>) -> PlanResponse {
    let nothing = Saved { state: Value::Null, private: Vec::new(), identity: None };
    let prior = prior.unwrap_or(&nothing);
    let request = PlanRequest {
        type_name: TYPE.to_owned(),
        prior_state: prior.state.clone(),
        // what the configuration leaves open is proposed as it was
        proposed_new_state: if prior.state.is_null() { config.value().clone() } else { prior.state.clone() },
        config: config.value().clone(),
        prior_private: prior.private.clone(),
        prior_identity: prior.identity.clone(),
    };
    server.plan_resource_change(request).await
}

async fn apply(server: &Server, config: &Config) -> Saved {
    let planned = plan(server, config, None).await;
    assert!(!planned.diagnostics.has_errors(), "{}", planned.diagnostics);
    let request = ApplyRequest {
        type_name: TYPE.to_owned(),
        prior_state: Value::Null,
        planned_state: planned.planned_state,
        config: config.value().clone(),
        planned_private: planned.planned_private,
        planned_identity: planned.planned_identity,
    };
    let applied = server.apply_resource_change(request).await;
    assert!(!applied.diagnostics.has_errors(), "{}", applied.diagnostics);
    Saved { state: applied.new_state, private: applied.private, identity: applied.identity }
}

async fn refresh(server: &Server, saved: &Saved) -> Saved {
    let Saved { state, private, identity } = saved.clone();
    let read =
        server.read_resource(ReadRequest { type_name: TYPE.to_owned(), current_state: state, private, identity });
    let read = read.await;
    assert!(!read.diagnostics.has_errors(), "{}", read.diagnostics);
    Saved { state: read.new_state, private: read.private, identity: read.identity }
}

fn summaries(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| format!("{:?}: {}", diagnostic.severity, diagnostic.summary)).collect()
}

fn streaming() -> serde_json::Value {
    json!({"name": "p1", "kind": "MicrosoftThreatProtection", "properties": {
        "dataTypes": {"alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
    }})
}

const CONFLICT: &str = "Error: The workspace already streams tenant-wide Defender for Cloud alerts";

#[tokio::test]
async fn the_tenant_is_known_as_soon_as_the_workspace_is() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;

    let planned = plan(&process(&azure).await, &config(&azure), None).await;

    assert_eq!(summaries(&planned.diagnostics), Vec::<String>::new());
    assert_eq!(planned.planned_state.attribute("tenant_id"), &TENANT.into());
    assert_eq!(planned.planned_state.attribute("id"), &Value::Unknown);
    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_workspace_that_is_not_known_yet_is_not_looked_at() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;

    let planned = plan(&process(&azure).await, &config(&azure).with_unknown(&WORKSPACE_ID), None).await;

    assert_eq!(summaries(&planned.diagnostics), Vec::<String>::new());
    assert_eq!(planned.planned_state.attribute("tenant_id"), &Value::Unknown);
    assert_eq!(azure.methods(), "");
}

#[tokio::test]
async fn a_workspace_that_streams_is_a_conflict_unless_it_may_be_taken_over() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;

    let refused = plan(&process(&azure).await, &config(&azure), None).await;
    let adopted = plan(&process(&azure).await, &config(&azure).with(&ADOPT_EXISTING, true), None).await;
    let undecided = plan(&process(&azure).await, &config(&azure).with_unknown(&ADOPT_EXISTING), None).await;

    assert_eq!(summaries(&refused.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&adopted.diagnostics), ["Warning: An existing connection is taken over"]);
    assert_eq!(summaries(&undecided.diagnostics), Vec::<String>::new());
}

#[tokio::test]
async fn a_different_tenant_is_an_error_on_the_argument() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let planned = plan(&process(&azure).await, &config(&azure).with(&TENANT_ID, Some(other)), None).await;

    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert_eq!(diagnostic.path, Some(TENANT_ID.path()));
}

#[tokio::test]
async fn a_tenant_given_in_another_case_stays_as_it_was_given() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let given = TenantId::from_azure(&TENANT.to_uppercase());

    let planned = plan(&process(&azure).await, &config(&azure).with(&TENANT_ID, Some(given)), None).await;

    assert_eq!(summaries(&planned.diagnostics), Vec::<String>::new());
    assert_eq!(planned.planned_state.attribute("tenant_id"), &TENANT.to_uppercase().into());
}

#[tokio::test]
async fn a_subscription_that_may_not_be_read_needs_a_given_tenant() {
    let azure = Azure::holding(Vec::new(), |request, _, _| {
        request.target.starts_with("/subscriptions/s?").then(|| Reply::error(403, "AuthorizationFailed", "no"))
    })
    .await;

    let planned = plan(&process(&azure).await, &config(&azure), None).await;
    let diagnostic = planned.diagnostics.iter().next().expect("an error");
    assert!(diagnostic.detail.contains("set tenant_id"), "{}", diagnostic.detail);

    let given = config(&azure).with(&TENANT_ID, Some(TenantId::from_azure(TENANT)));
    let planned = plan(&process(&azure).await, &given, None).await;
    assert_eq!(summaries(&planned.diagnostics), Vec::<String>::new());
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

    let planned = plan(&process(&azure).await, &config(&azure), None).await;

    assert_eq!(summaries(&planned.diagnostics), ["Warning: The workspace is not onboarded to Microsoft Sentinel"]);
}

#[tokio::test]
async fn the_subscription_based_connector_is_warned_of() {
    let legacy = json!({"name": "l", "kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": "s", "dataTypes": {"alerts": {"state": "Enabled"}},
    }});
    let azure = Azure::holding(vec![legacy], NO_MISHAP).await;

    let planned = plan(&process(&azure).await, &config(&azure), None).await;

    assert_eq!(summaries(&planned.diagnostics), ["Warning: Alerts will arrive twice"]);
}

#[tokio::test]
async fn products_whose_alerts_start_too_are_warned_of() {
    let left_behind = json!({"name": "p1", "kind": "MicrosoftThreatProtection", "properties": {
        "dataTypes": {"alerts": {"state": "Disabled"}},
        "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
    }});
    let azure = Azure::holding(vec![left_behind], NO_MISHAP).await;

    let planned = plan(&process(&azure).await, &config(&azure), None).await;

    assert_eq!(summaries(&planned.diagnostics), ["Warning: Other products' alerts start to stream as well"]);
}

#[tokio::test]
async fn a_destroy_that_turns_off_all_alerts_is_warned_of() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let saved = apply(&process(&azure).await, &config(&azure)).await;
    let mut warnings = Vec::new();
    for _ in 0..2 {
        let request = PlanRequest {
            type_name: TYPE.to_owned(),
            prior_state: saved.state.clone(),
            proposed_new_state: Value::Null,
            config: Value::Null,
            prior_private: saved.private.clone(),
            prior_identity: saved.identity.clone(),
        };
        let planned = process(&azure).await.plan_resource_change(request).await;
        warnings.push(summaries(&planned.diagnostics));
        azure.change(|documents| documents[0]["properties"]["filteredProviders"] = serde_json::Value::Null);
    }

    assert_eq!(warnings, [Vec::new(), vec!["Warning: The alerts of every product are switched off".to_owned()]]);
}

#[tokio::test]
async fn what_exists_and_stays_is_planned_without_a_request() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let saved = apply(&process(&azure).await, &config(&azure)).await;
    let before = azure.methods();

    let server = process(&azure).await;
    let planned = plan(&server, &config(&azure), Some(&saved)).await;

    assert_eq!(planned.planned_state, saved.state);
    assert_eq!(azure.methods(), before);
}

#[tokio::test]
async fn the_second_half_of_a_replacement_is_no_conflict_with_the_first() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let saved = apply(&process(&azure).await, &config(&azure)).await;
    let server = process(&azure).await;

    let first = plan(&server, &config(&azure), Some(&saved)).await;
    let prior = Saved { state: Value::Null, private: first.planned_private, identity: first.planned_identity };
    let second = plan(&server, &config(&azure), Some(&prior)).await;

    assert_eq!(summaries(&second.diagnostics), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_resource_is_found_in_whichever_order_they_are_planned() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let saved = apply(&process(&azure).await, &config(&azure)).await;
    let server = process(&azure).await;
    refresh(&server, &saved).await;

    let new = plan(&server, &config(&azure).with(&ADOPT_EXISTING, true), None).await;
    let old = plan(&server, &config(&azure), Some(&saved)).await;

    assert_eq!(summaries(&new.diagnostics), ["Warning: An existing connection is taken over"]);
    assert_eq!(summaries(&old.diagnostics), ["Error: Two resources for one workspace"]);
}

#[tokio::test]
async fn two_new_resources_for_one_workspace_are_found_before_anything_is_created() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let server = process(&azure).await;

    let one = plan(&server, &config(&azure), None).await;
    let other = plan(&server, &config(&azure), None).await;

    assert_eq!(summaries(&one.diagnostics), Vec::<String>::new());
    assert_eq!(summaries(&other.diagnostics), ["Error: Two resources for one workspace"]);
}

#[tokio::test]
async fn a_life_in_one_session_is_no_conflict_with_itself() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let server = process(&azure).await;

    let saved = apply(&server, &config(&azure)).await;
    let unchanged = plan(&server, &config(&azure), Some(&saved)).await;

    assert_eq!(summaries(&unchanged.diagnostics), Vec::<String>::new());
}

#[tokio::test]
async fn a_tainted_object_is_no_conflict_with_itself_but_a_second_resource_is() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let saved = apply(&process(&azure).await, &config(&azure)).await;
    let stranger = plan(&process(&azure).await, &config(&azure), None).await;
    let run = process(&azure).await;
    refresh(&run, &saved).await;
    let tainted = plan(&run, &config(&azure), None).await;
    let run = process(&azure).await;
    let refreshed = refresh(&run, &saved).await;
    plan(&run, &config(&azure), Some(&refreshed)).await;
    let second = plan(&run, &config(&azure), None).await;

    assert_eq!(summaries(&stranger.diagnostics), [CONFLICT]);
    assert_eq!(summaries(&tainted.diagnostics), Vec::<String>::new());
    assert_eq!(summaries(&second.diagnostics), ["Error: Two resources for one workspace"]);
}
