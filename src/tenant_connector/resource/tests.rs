//! The resource's functions on a simulated workspace.

use std::time::Duration;

use azure_simulator::{Effect, Moment};
use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, ID, NAME, WORKSPACE_ID, schema};
use crate::defender_xdr::TENANT_ID;
use crate::framework::{Context, Failed, ImportTarget, Read, Resource, State};
use crate::sentinel::TenantId;
use crate::sentinel::data_connector::name_for;
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::contract::Contract;
use crate::testing::{Azure, no_workspace_metadata, not_onboarded};

/// The connector that the portal makes.
const PORTAL: &str = "dataConnectors/p1";

/// A filter that lets another product through.
const IDENTITY: Option<&[&str]> = Some(&["microsoftDefenderForIdentity"]);

fn planned(azure: &Azure) -> State {
    State::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&ADOPT_EXISTING, false)
}

async fn create(azure: &Azure, planned: State) -> Result<State, Failed> {
    TenantConnector.create(&Context::for_tests(), &azure.session(), planned).await
}

async fn read(azure: &Azure, state: &State) -> Read {
    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), state.clone()).await;
    read.expect("a response")
}

async fn delete(azure: &Azure, state: State) {
    TenantConnector.delete(&Context::for_tests(), &azure.session(), state).await.expect("deleted");
}

fn summary(failed: &Failed) -> String {
    failed.diagnostics().iter().map(|diagnostic| diagnostic.summary.clone()).collect()
}

/// A workspace whose Defender XDR connector the portal made.
async fn portals(alerts: &str, providers: Option<&[&str]>) -> Azure {
    let azure = Azure::start_empty().await;
    azure.put(PORTAL, portal(&azure, alerts, providers));
    azure
}

fn portal(azure: &Azure, alerts: &str, providers: Option<&[&str]>) -> Value {
    let mut properties = json!({
        "tenantId": azure.tenant(),
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": alerts}},
    });
    if let Some(providers) = providers {
        properties["filteredProviders"] = json!({ "alerts": providers });
    }
    json!({"kind": "MicrosoftThreatProtection", "properties": properties})
}

async fn streaming() -> Azure {
    portals("enabled", Some(&["microsoftDefenderForCloud"])).await
}

fn connectors(azure: &Azure) -> Vec<Value> {
    azure.documents("dataConnectors")
}

/// The properties of the first connector; null if there is none.
fn properties(azure: &Azure) -> Value {
    connectors(azure).first().map(|document| document["properties"].clone()).unwrap_or_default()
}

/// Someone else changes the first connector.
fn change(azure: &Azure, change: impl FnOnce(&mut Value)) {
    let mut document = connectors(azure).first().expect("a connector").clone();
    change(&mut document);
    let id = document["id"].as_str().expect("an ID").to_owned();
    azure.simulator.put_document(&id, document);
}

fn methods(azure: &Azure) -> String {
    azure.methods("/dataConnectors")
}

#[tokio::test(start_paused = true)]
async fn a_life_on_an_empty_workspace_leaves_it_empty() {
    let azure = Azure::start_empty().await;

    let state = create(&azure, planned(&azure)).await.expect("created");

    assert_eq!(properties(&azure)["filteredProviders"], json!({"alerts": ["microsoftDefenderForCloud"]}));
    assert_eq!(properties(&azure)["tenantId"], azure.tenant());
    assert_eq!(state.get(&NAME), Ok(connectors(&azure)[0]["name"].as_str().map(str::to_owned)));
    assert_eq!(state.get(&TENANT_ID), Ok(Some(TenantId::from_azure(&azure.tenant()))));
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "nothing has changed since");

    delete(&azure, state).await;

    assert_eq!(connectors(&azure), Vec::<Value>::new());
    assert_eq!(methods(&azure), "GET PUT GET GET GET DELETE GET");
}

#[tokio::test(start_paused = true)]
async fn a_life_beside_other_products_leaves_them_streaming() {
    // Another owner may rely on what the create started along with its own part.
    for alerts in ["Enabled", "Disabled"] {
        let azure = portals(alerts, IDENTITY).await;

        let state = create(&azure, planned(&azure)).await.expect("created");
        delete(&azure, state).await;

        assert_eq!(properties(&azure), portal(&azure, "Enabled", IDENTITY)["properties"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_life_on_a_connector_whose_alerts_are_off_turns_them_off_again() {
    let azure = portals("Disabled", None).await;

    let state = create(&azure, planned(&azure)).await.expect("created");
    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", None)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_others_have_come_to_use_outlives_the_resource() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    change(&azure, |connector| connector["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into());

    delete(&azure, state).await;

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_joins_before_the_create_reads_back_keeps_its_part() {
    let azure = Azure::start_empty().await;
    let collection = azure.id("dataConnectors");
    azure.before(
        |request| request.method == "GET" && request.path.ends_with("/dataConnectors") && request.earlier == 1,
        move |world| {
            let mut document = world.collection(&collection).next().expect("it was created").clone();
            document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
            let id = document["id"].as_str().expect("an ID").to_owned();
            world.put_document(&id, document);
        },
    );

    let state = create(&azure, planned(&azure)).await.expect("created");
    assert_eq!(properties(&azure)["dataTypes"]["incidents"]["state"], "Enabled");
    delete(&azure, state).await;

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test(start_paused = true)]
async fn alerts_that_were_turned_off_elsewhere_do_not_start_again_after_a_destroy() {
    let azure = portals("Enabled", IDENTITY).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    change(&azure, |connector| connector["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into());

    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", IDENTITY)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_filter_destroying_turns_off_all_alerts_and_warns_once() {
    let azure = portals("Enabled", None).await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
    let context = Context::for_tests();

    TenantConnector.delete(&context, &azure.session(), state).await.expect("deleted");

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
    let warnings: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
    assert_eq!(warnings, ["Destroying this resource disables all Defender alerts in law-soc"]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_on_is_a_conflict_and_stays_untouched() {
    let azure = streaming().await;

    let failed = create(&azure, planned(&azure)).await.expect_err("a conflict");

    assert_eq!(summary(&failed), "The tenant-based connector in law-soc already exists");
    assert_eq!(failed.state(), None, "it owns nothing");
    assert_eq!(methods(&azure), "GET");
}

#[tokio::test(start_paused = true)]
async fn a_connector_of_another_kind_that_has_the_new_ones_name_is_reported_at_once() {
    let azure = Azure::start_empty().await;
    let taken = name_for(&azure.workspace(), &Contract::default().kind);
    azure.put(&format!("dataConnectors/{taken}"), json!({"kind": "Office365", "properties": {}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("no name left");

    assert_eq!(summary(&failed), "The new connector's name is taken");
    assert_eq!(failed.state(), None, "it owns nothing");
    assert_eq!(methods(&azure), "GET");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_on_can_be_taken_over_without_a_write() {
    let azure = streaming().await;
    let context = Context::for_tests();
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    let state = TenantConnector.create(&context, &azure.session(), planned).await.expect("taken over");

    assert_eq!(state.get(&ID), Ok(Some(azure.id(PORTAL))));
    assert_eq!(methods(&azure), "GET");
    assert_eq!(context.warnings().iter().count(), 1, "it says so");
}

#[tokio::test(start_paused = true)]
async fn of_two_resources_that_may_take_over_one_does() {
    let azure = streaming().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    TenantConnector.create(&context, &session, planned.clone()).await.expect("taken over");
    let failed = TenantConnector.create(&context, &session, planned).await.expect_err("taken already");

    assert_eq!(summary(&failed), "Two resources manage the tenant-based connector in law-soc");
    assert_eq!(failed.state(), None, "it owns nothing");
}

#[tokio::test(start_paused = true)]
async fn what_another_resource_has_taken_over_in_the_same_run_stays_on() {
    let azure = Azure::start_empty().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let predecessor = create(&azure, planned(&azure)).await.expect("created, in an earlier run");
    let mut replacement = planned(&azure).with(&ADOPT_EXISTING, true);
    *replacement.private_mut() = predecessor.private().clone();

    let successor = TenantConnector.create(&context, &session, replacement).await.expect("taken over");
    TenantConnector.delete(&context, &session, predecessor).await.expect("nothing to do");
    assert_eq!(connectors(&azure).len(), 1, "create before destroy leaves it on");

    TenantConnector.delete(&context, &session, successor).await.expect("deleted");
    assert_eq!(connectors(&azure), Vec::<Value>::new(), "its own name, and nothing else in it");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lags_behind_loses_nothing() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
    azure.fault("GET", r"/dataConnectors\?", Effect::new().json(json!({"value": []})));

    assert!(matches!(read(&azure, &state).await, Read::Found(_)));
}

#[tokio::test(start_paused = true)]
async fn of_two_resources_on_one_workspace_one_is_created_and_the_other_owns_nothing() {
    let azure = Azure::start_empty().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let resource = TenantConnector;

    let (one, other) = tokio::join!(
        resource.create(&context, &session, planned(&azure)),
        resource.create(&context, &session, planned(&azure))
    );

    let failed = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].state(), None);
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_response_is_lost_recognizes_its_connector() {
    let azure = Azure::start_empty().await;
    azure.fault_once("PUT", "/dataConnectors/", Effect::new().disconnect(Moment::After));

    create(&azure, planned(&azure)).await.expect("its own");
}

#[tokio::test(start_paused = true)]
async fn what_azure_drops_is_an_error_and_a_destroy_cleans_up() {
    let azure = Azure::start_empty().await;
    let elements = json!({"/properties/filteredProviders/alerts": ["microsoftDefenderForCloud"]});
    azure.simulator.patch_world(json!({"behaviors": {"write_rules": [{"remove_elements": elements}]}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not save the connector settings");
    let state = failed.state().expect("what exists").clone();
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "still to be cleaned up");
    delete(&azure, state).await;
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_azure_drops_as_a_whole_is_an_error_although_everything_streams() {
    let azure = Azure::start_empty().await;
    let rule = json!({"remove": ["/properties/filteredProviders"]});
    azure.simulator.patch_world(json!({"behaviors": {"write_rules": [rule]}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not save the connector settings");
    assert!(failed.state().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_missing_license_is_reported_once_and_leaves_nothing() {
    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/dataConnectors/", Effect::new().error(401, "InvalidLicense", "Missing consent"));

    let failed = create(&azure, planned(&azure)).await.expect_err("refused");

    assert!(summary(&failed).contains("License or consent is missing"), "{}", summary(&failed));
    assert_eq!(failed.state(), None);
    assert_eq!(methods(&azure), "GET PUT");
}

#[tokio::test(start_paused = true)]
async fn another_tenant_than_the_workspaces_is_refused_before_anything_is_read() {
    let azure = Azure::start_empty().await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let failed = create(&azure, planned(&azure).with(&TENANT_ID, Some(other))).await.expect_err("refused");

    assert_eq!(summary(&failed), "tenant_id is not the tenant of the workspace");
    assert_eq!(methods(&azure), "");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_create_keeps_what_may_exist_in_the_state() {
    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/dataConnectors/", Effect::new().hang(Moment::Before));
    let (session, context) = (azure.session(), Context::for_tests());
    let cancel = async {
        while !methods(&azure).contains("PUT") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        context.cancellation().cancel();
    };

    let (created, ()) = tokio::join!(TenantConnector.create(&context, &session, planned(&azure)), cancel);

    let state = created.expect_err("cancelled").state().expect("what may exist").clone();
    assert_eq!(read(&azure, &state).await, Read::Gone, "it was never created");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_turned_off_or_dropped_from_the_filter_is_gone() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");

    for (alerts, providers) in
        [("Disabled", Some(&["microsoftDefenderForCloud"] as &[&str])), ("Enabled", IDENTITY), ("Enabled", Some(&[]))]
    {
        azure.put(PORTAL, portal(&azure, alerts, providers));
        assert_eq!(read(&azure, &state).await, Read::Gone);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_the_portal_made_again_under_another_name_is_the_same() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.simulator.delete_document(connectors(&azure)[0]["id"].as_str().expect("an ID"));
    azure.put(PORTAL, portal(&azure, "Enabled", Some(&["microsoftDefenderForCloud"])));

    let Read::Found(state) = read(&azure, &state).await else { panic!("expected to find it") };

    assert_eq!(state.get(&NAME), Ok(Some("p1".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn without_the_workspace_or_without_sentinel_it_is_gone_and_deleting_it_succeeds() {
    for refusal in refusals() {
        let azure = Azure::start_empty().await;
        azure.fault("*", "^/subscriptions/", refusal);
        let state = planned(&azure);

        let context = Context::for_tests();
        let read = TenantConnector.read(&context, &azure.session(), state.clone()).await;
        assert_eq!(read.expect("a response"), Read::Gone);
        TenantConnector.delete(&context, &azure.session(), state).await.expect("nothing to disconnect");
        let summaries: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
        assert_eq!(summaries, ["Microsoft Sentinel is gone from the workspace law-soc"; 2]);
    }
}

/// Azure's answers for a workspace that does not exist or has no Sentinel.
fn refusals() -> [Effect; 3] {
    [not_onboarded(), no_workspace_metadata(), Effect::new().error(404, "ResourceNotFound", "no such workspace")]
}

/// Wrong answers that something is not there.
fn absences() -> impl Iterator<Item = Effect> {
    refusals().into_iter().chain([Effect::new().json(json!({"value": []}))])
}

#[tokio::test(start_paused = true)]
async fn one_wrong_answer_loses_nothing() {
    for absence in absences() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");

        azure.fault_once("GET", r"/dataConnectors\?", absence.clone());
        assert!(matches!(read(&azure, &state).await, Read::Found(_)));

        azure.fault_once("GET", r"/dataConnectors\?", absence);
        delete(&azure, state).await;
        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "Disabled");
    }
}

#[tokio::test(start_paused = true)]
async fn one_wrong_list_does_not_lose_a_connection_that_has_a_new_name() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
    let renamed = azure.document(PORTAL).expect("a connector");
    azure.simulator.delete_document(&azure.id(PORTAL));
    azure.put("dataConnectors/p2", json!({"kind": renamed["kind"], "properties": renamed["properties"]}));

    azure.fault_once("GET", r"/dataConnectors\?", Effect::new().json(json!({"value": []})));
    assert!(matches!(read(&azure, &state).await, Read::Found(_)));

    azure.fault_once("GET", r"/dataConnectors\?", Effect::new().json(json!({"value": []})));
    delete(&azure, state).await;
    assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "Disabled");
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_cannot_see_the_connection_fails() {
    for refusal in refusals() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
        azure.fault("*", "/dataConnectors", refusal);
        let (context, session) = (Context::for_tests(), azure.session());

        let read = TenantConnector.read(&context, &session, state.clone()).await;
        let deleted = TenantConnector.delete(&context, &session, state).await;

        read.expect_err("not confirmed");
        assert!(deleted.is_err(), "not confirmed");
        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "enabled");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_answer_to_the_write_of_a_destroy_is_no_success() {
    for refusal in refusals() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
        azure.fault_once("PUT", "/dataConnectors/", refusal);

        delete(&azure, state).await;

        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "Disabled");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retired_api_version_is_an_error_and_no_loss() {
    let azure = streaming().await;
    azure.fault("*", "^/subscriptions/", Effect::new().error(404, "InvalidResourceType", ""));
    let (context, session) = (Context::for_tests(), azure.session());

    let read = TenantConnector.read(&context, &session, planned(&azure)).await;
    let deleted = TenantConnector.delete(&context, &session, planned(&azure)).await;

    assert!(read.is_err() && deleted.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_login_without_permission_is_an_error_and_no_loss() {
    let azure = streaming().await;
    azure.fault("*", "^/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "no"));

    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), planned(&azure)).await;

    read.expect_err("no permission");
}

#[tokio::test(start_paused = true)]
async fn an_import_by_workspace_is_what_a_refresh_then_finds() {
    let azure = streaming().await;
    let (context, session) = (Context::for_tests(), azure.session());
    let target = ImportTarget::Id(azure.workspace().to_string());

    let imported = TenantConnector.import(&context, &session, target, State::empty(&schema())).await;

    let imported = imported.expect("imported");
    assert_eq!(imported.get(&ID), Ok(Some(azure.id(PORTAL))));
    assert_eq!(read(&azure, &imported).await, Read::Found(imported));
}

#[tokio::test(start_paused = true)]
async fn a_role_that_the_same_run_assigned_is_awaited() {
    let azure = Azure::start_empty().await;
    azure.assign_role(
        "Microsoft Sentinel Contributor",
        azure.workspace().to_string().as_str(),
        Duration::from_secs(60),
    );

    create(&azure, planned(&azure)).await.expect("created");

    assert_eq!(properties(&azure)["filteredProviders"], json!({"alerts": ["microsoftDefenderForCloud"]}));
    assert!(methods(&azure).starts_with("GET GET GET"), "{}", methods(&azure));
}

#[tokio::test(start_paused = true)]
async fn a_role_that_never_takes_effect_is_named_after_two_minutes_and_leaves_nothing() {
    let azure = Azure::start_empty().await;
    let refusal = "The client 'x' does not have authorization to perform action \
                   'Microsoft.SecurityInsights/dataConnectors/write' over scope '/s'.";
    azure.fault("PUT", "/dataConnectors/", Effect::new().error(403, "AuthorizationFailed", refusal));
    let started = tokio::time::Instant::now();

    let failed = create(&azure, planned(&azure)).await.expect_err("refused");

    let waited = started.elapsed().as_secs();
    assert!((100..=120).contains(&waited), "{waited} s");
    assert_eq!((summary(&failed).as_str(), failed.state()), ("Missing permission", None));
    let detail = failed.diagnostics().to_string();
    assert!(detail.contains("The provider repeated the request for 1 min"), "{detail}");
    assert!(detail.contains("The permission is still missing"), "{detail}");
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_of_an_existing_connection_is_reported_at_once() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.fault("GET", "/dataConnectors", Effect::new().error(403, "AuthorizationFailed", "no"));
    let started = tokio::time::Instant::now();

    TenantConnector.read(&Context::for_tests(), &azure.session(), state.clone()).await.expect_err("refused");
    let _ = TenantConnector.delete(&Context::for_tests(), &azure.session(), state).await.expect_err("refused");

    assert_eq!(started.elapsed(), Duration::ZERO);
}
