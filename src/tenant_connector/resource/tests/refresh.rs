//! Refreshes and destroys of what is gone, or cannot be seen.

use super::*;

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
        assert_eq!(summaries, ["The workspace law-soc no longer has Microsoft Sentinel"; 2]);
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
async fn an_import_by_workspace_is_what_a_refresh_then_finds() {
    let azure = streaming().await;
    let (context, session) = (Context::for_tests(), azure.session());
    let target = ImportTarget::Id(azure.workspace().to_string());

    let imported = TenantConnector.import(&context, &session, target, State::empty(&schema())).await;

    let imported = imported.expect("imported");
    assert_eq!(imported.get(&ID), Ok(Some(azure.id(PORTAL))));
    assert_eq!(read(&azure, &imported).await, Read::Found(imported));
}
