//! The resource's functions against a workspace that keeps documents as Azure does.

use std::time::Duration;

use serde_json::{Value, json};

use super::attributes::{ADOPT_EXISTING, ID, NAME, TENANT_ID, WORKSPACE_ID, schema};
use super::tenant_id::TenantId;
use crate::azure::testing::Reply;
use crate::framework::{Context, Failed, ImportTarget, Read, Resource, State};
use crate::sentinel::data_connector::name_for;
use crate::sentinel::data_connector::testing::{Azure, Mishap, TENANT, not_onboarded};
use crate::tenant_connector::TenantConnector;
use crate::tenant_connector::contract::Contract;

const NO_MISHAP: Mishap = |_, _, _| None;

fn planned(azure: &Azure) -> State {
    State::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&ADOPT_EXISTING, false)
}

async fn create(azure: &Azure, planned: State) -> Result<State, Failed> {
    TenantConnector.create(&Context::for_tests(), &azure.session(), planned).await
}

async fn read(azure: &Azure, state: &State) -> Read {
    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), state.clone()).await;
    read.expect("an answer")
}

async fn delete(azure: &Azure, state: State) {
    TenantConnector.delete(&Context::for_tests(), &azure.session(), state).await.expect("deleted");
}

fn summary(failed: &Failed) -> String {
    failed.diagnostics().iter().map(|diagnostic| diagnostic.summary.clone()).collect()
}

/// The Defender XDR connector as the portal makes it.
fn portals(alerts: &str, filter: &Value) -> Value {
    json!({"name": "p1", "id": "/portal/p1", "etag": "e", "kind": "MicrosoftThreatProtection", "properties": {
        "tenantId": TENANT,
        "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": alerts}},
        "filteredProviders": {"alerts": filter},
    }})
}

fn streaming() -> Value {
    portals("enabled", &json!(["microsoftDefenderForCloud"]))
}

#[tokio::test]
async fn a_life_on_an_empty_workspace_leaves_it_empty() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;

    let state = create(&azure, planned(&azure)).await.expect("created");

    assert_eq!(azure.document()["properties"]["filteredProviders"], json!({"alerts": ["microsoftDefenderForCloud"]}));
    assert_eq!(azure.document()["properties"]["tenantId"], TENANT);
    assert_eq!(state.get(&NAME), Ok(azure.document()["name"].as_str().map(str::to_owned)));
    assert_eq!(state.get(&TENANT_ID), Ok(Some(TenantId::from_azure(TENANT))));
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "nothing has changed since");

    delete(&azure, state).await;

    assert_eq!(azure.documents(), Vec::<Value>::new());
    assert_eq!(azure.methods(), "GET PUT GET GET GET DELETE GET");
}

#[tokio::test]
async fn a_life_beside_other_products_leaves_them_streaming() {
    let streaming = portals("Enabled", &json!(["microsoftDefenderForIdentity"]));
    // Another owner may rely on what the create has started along with its own part.
    let left_behind = portals("Disabled", &json!(["microsoftDefenderForIdentity"]));
    for before in [&streaming, &left_behind] {
        let azure = Azure::holding(vec![before.clone()], NO_MISHAP).await;

        let state = create(&azure, planned(&azure)).await.expect("created");
        delete(&azure, state).await;

        assert_eq!(azure.document()["properties"], streaming["properties"]);
    }
}

#[tokio::test]
async fn a_life_on_a_connector_whose_alerts_are_off_turns_them_off_again() {
    let before = portals("Disabled", &Value::Null);
    let azure = Azure::holding(vec![before], NO_MISHAP).await;

    let state = create(&azure, planned(&azure)).await.expect("created");
    delete(&azure, state).await;

    let data_types = json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}});
    assert_eq!(azure.document()["properties"], json!({"tenantId": TENANT, "dataTypes": data_types}));
}

#[tokio::test]
async fn a_connector_that_others_have_come_to_use_outlives_the_resource() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.change(|documents| documents[0]["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into());

    delete(&azure, state).await;

    assert_eq!(
        azure.document()["properties"]["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test]
async fn an_owner_who_joins_before_the_create_reads_back_keeps_its_part() {
    let azure = Azure::holding(Vec::new(), |request, before, documents| {
        if request.method == "GET" && request.target.contains("dataConnectors?") && before == 1 {
            documents[0]["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
        }
        None
    })
    .await;

    let state = create(&azure, planned(&azure)).await.expect("created");
    assert_eq!(azure.document()["properties"]["dataTypes"]["incidents"]["state"], "Enabled");
    delete(&azure, state).await;

    assert_eq!(
        azure.document()["properties"]["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test]
async fn alerts_that_were_turned_off_elsewhere_do_not_start_again_after_a_destroy() {
    let azure = Azure::holding(vec![portals("Enabled", &json!(["microsoftDefenderForIdentity"]))], NO_MISHAP).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.change(|documents| documents[0]["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into());

    delete(&azure, state).await;

    let left = portals("Disabled", &json!(["microsoftDefenderForIdentity"]));
    assert_eq!(azure.document()["properties"], left["properties"]);
}

#[tokio::test]
async fn without_a_filter_destroying_turns_off_all_alerts_and_warns_once() {
    let azure = Azure::holding(vec![portals("Enabled", &Value::Null)], NO_MISHAP).await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
    let context = Context::for_tests();

    TenantConnector.delete(&context, &azure.session(), state).await.expect("deleted");

    assert_eq!(
        azure.document()["properties"]["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
    let warnings: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
    assert_eq!(warnings, ["The alerts of every product are turned off"]);
}

#[tokio::test]
async fn a_connection_that_is_on_is_a_conflict_and_stays_untouched() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;

    let failed = create(&azure, planned(&azure)).await.expect_err("a conflict");

    assert_eq!(summary(&failed), "The connection already exists");
    assert_eq!(failed.state(), None, "it owns nothing");
    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_connector_of_another_kind_that_has_the_new_ones_name_is_reported_at_once() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let taken = name_for(&azure.workspace(), &Contract::default().kind);
    azure
        .change(|documents| documents.push(json!({"name": taken, "etag": "e", "kind": "Office365", "properties": {}})));

    let failed = create(&azure, planned(&azure)).await.expect_err("no name left");

    assert_eq!(summary(&failed), "The new connector's name is taken");
    assert_eq!(failed.state(), None, "it owns nothing");
    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_connection_that_is_on_can_be_taken_over_without_a_write() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;
    let context = Context::for_tests();
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    let state = TenantConnector.create(&context, &azure.session(), planned).await.expect("taken over");

    assert_eq!(state.get(&ID), Ok(Some("/portal/p1".to_owned())));
    assert_eq!(azure.methods(), "GET");
    assert_eq!(context.warnings().iter().count(), 1, "it says so");
}

#[tokio::test]
async fn of_two_resources_that_may_take_over_one_does() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;
    let (session, context) = (azure.session(), Context::for_tests());
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    TenantConnector.create(&context, &session, planned.clone()).await.expect("taken over");
    let failed = TenantConnector.create(&context, &session, planned).await.expect_err("taken already");

    assert_eq!(summary(&failed), "Two resources manage the same connection");
    assert_eq!(failed.state(), None, "it owns nothing");
}

#[tokio::test]
async fn what_another_resource_has_taken_over_in_the_same_run_stays_on() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let (session, context) = (azure.session(), Context::for_tests());
    let predecessor = create(&azure, planned(&azure)).await.expect("created, in an earlier run");
    let mut replacement = planned(&azure).with(&ADOPT_EXISTING, true);
    *replacement.private_mut() = predecessor.private().clone();

    let successor = TenantConnector.create(&context, &session, replacement).await.expect("taken over");
    TenantConnector.delete(&context, &session, predecessor).await.expect("nothing to do");
    assert_eq!(azure.documents().len(), 1, "create before destroy leaves it on");

    TenantConnector.delete(&context, &session, successor).await.expect("deleted");
    assert_eq!(azure.documents(), Vec::<Value>::new(), "its own name, and nothing else in it");
}

#[tokio::test]
async fn a_list_that_lags_behind_loses_nothing() {
    let azure = Azure::holding(vec![streaming()], |request, before, _| {
        (request.target.contains("dataConnectors?") && before > 0).then(|| Reply::json(200, &json!({"value": []})))
    })
    .await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");

    assert!(matches!(read(&azure, &state).await, Read::Found(_)));
}

#[tokio::test]
async fn of_two_resources_on_one_workspace_one_is_created_and_the_other_owns_nothing() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
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

#[tokio::test]
async fn a_create_whose_answer_is_lost_takes_what_it_finds_for_its_own() {
    let azure = Azure::holding(Vec::new(), |request, before, documents| {
        (request.method == "PUT" && before == 0).then(|| {
            crate::sentinel::data_connector::testing::carry_out(request, documents);
            Reply::Disconnect
        })
    })
    .await;

    create(&azure, planned(&azure)).await.expect("found its own");
}

#[tokio::test]
async fn what_azure_drops_is_an_error_and_what_is_left_is_cleaned_up_by_destroy() {
    let azure = Azure::holding(Vec::new(), |request, _, documents| {
        (request.method == "PUT").then(|| {
            let mut sent: Value = serde_json::from_str(&request.body).expect("a document");
            sent["properties"]["filteredProviders"]["alerts"] = json!([]);
            sent["etag"] = "e".into();
            documents.push(sent.clone());
            Reply::json(200, &sent)
        })
    })
    .await;

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not keep what was sent");
    let state = failed.state().expect("what exists").clone();
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "still to be cleaned up");
    delete(&azure, state).await;
    assert_eq!(azure.documents(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_filter_that_azure_drops_as_a_whole_is_no_success_although_everything_streams() {
    let azure = Azure::holding(Vec::new(), |request, _, documents| {
        (request.method == "PUT").then(|| {
            let mut sent: Value = serde_json::from_str(&request.body).expect("a document");
            sent["properties"]["filteredProviders"] = Value::Null;
            documents.push(sent.clone());
            Reply::json(200, &sent)
        })
    })
    .await;

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not keep what was sent");
    assert!(failed.state().is_some());
}

#[tokio::test]
async fn a_license_error_is_reported_once_and_leaves_nothing() {
    let azure = Azure::holding(Vec::new(), |request, _, _| {
        (request.method == "PUT").then(|| Reply::error(401, "InvalidLicense", "Missing consent"))
    })
    .await;

    let failed = create(&azure, planned(&azure)).await.expect_err("refused");

    assert!(summary(&failed).contains("License or consent is missing"), "{}", summary(&failed));
    assert_eq!(failed.state(), None);
    assert_eq!(azure.methods(), "GET PUT");
}

#[tokio::test]
async fn another_tenant_than_the_workspaces_is_refused_before_anything_is_read() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let failed = create(&azure, planned(&azure).with(&TENANT_ID, Some(other))).await.expect_err("refused");

    assert_eq!(summary(&failed), "tenant_id is not the tenant of the workspace");
    assert_eq!(azure.methods(), "");
}

#[tokio::test]
async fn stopped_while_a_write_hangs_it_keeps_what_may_exist_in_the_state() {
    let azure = Azure::holding(Vec::new(), |request, _, _| (request.method == "PUT").then_some(Reply::Hang)).await;
    let context = Context::for_tests();
    let cancellation = context.cancellation().clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancellation.cancel();
    });

    let resource = TenantConnector;
    let failed = resource.create(&context, &azure.session(), planned(&azure)).await.expect_err("stopped");

    let state = failed.state().expect("what may exist").clone();
    assert_eq!(read(&azure, &state).await, Read::Gone, "it never came to be");
}

#[tokio::test]
async fn switched_off_or_dropped_from_the_filter_it_is_gone() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");

    for changed in [
        portals("Disabled", &json!(["microsoftDefenderForCloud"])),
        portals("Enabled", &json!(["microsoftDefenderForIdentity"])),
        portals("Enabled", &json!([])),
    ] {
        azure.change(|documents| documents[0] = changed);
        assert_eq!(read(&azure, &state).await, Read::Gone);
    }
}

#[tokio::test]
async fn connected_again_by_the_portal_under_another_name_it_is_still_the_same() {
    let azure = Azure::holding(Vec::new(), NO_MISHAP).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.change(|documents| documents[0] = streaming());

    let Read::Found(state) = read(&azure, &state).await else { panic!("expected to find it") };

    assert_eq!(state.get(&NAME), Ok(Some("p1".to_owned())));
}

#[tokio::test]
async fn without_the_workspace_or_without_sentinel_it_is_gone_and_deleting_it_is_done() {
    for mishap in [(|_, _, _| Some(not_onboarded())) as Mishap, |_, _, _| {
        Some(Reply::error(404, "ResourceNotFound", "no such workspace"))
    }] {
        let azure = Azure::holding(Vec::new(), mishap).await;
        let state = planned(&azure);

        assert_eq!(read(&azure, &state).await, Read::Gone);
        delete(&azure, state).await;
    }
}

#[tokio::test]
async fn an_api_version_that_azure_has_retired_is_an_error_not_a_loss() {
    let message = "The resource type 'dataConnectors' could not be found for api version '2025-10-01-preview'.";
    let retired: Mishap = |_, _, _| Some(Reply::error(404, "InvalidResourceType", ""));
    let azure = Azure::holding(vec![streaming()], retired).await;
    let (context, session) = (Context::for_tests(), azure.session());

    let read = TenantConnector.read(&context, &session, planned(&azure)).await;
    let deleted = TenantConnector.delete(&context, &session, planned(&azure)).await;

    assert!(read.is_err() && deleted.is_err(), "{message}");
}

#[tokio::test]
async fn a_login_without_rights_is_an_error_not_a_loss() {
    let azure = Azure::holding(Vec::new(), |_, _, _| Some(Reply::error(403, "AuthorizationFailed", "no"))).await;

    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), planned(&azure)).await;

    read.expect_err("no rights");
}

#[tokio::test]
async fn an_import_by_workspace_is_what_a_refresh_then_finds() {
    let azure = Azure::holding(vec![streaming()], NO_MISHAP).await;
    let (context, session) = (Context::for_tests(), azure.session());
    let target = ImportTarget::Id(azure.workspace().to_string());

    let imported = TenantConnector.import(&context, &session, target, State::empty(&schema())).await;

    let imported = imported.expect("imported");
    assert_eq!(imported.get(&ID), Ok(Some("/portal/p1".to_owned())));
    assert_eq!(read(&azure, &imported).await, Read::Found(imported));
}
