//! Tests of refreshes and destroys if the connection no longer exists or cannot be read.

use super::*;

#[tokio::test(start_paused = true)]
async fn read_removes_a_disabled_or_filtered_out_connection() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");

    for (alerts, providers) in
        [("Disabled", Some(&["microsoftDefenderForCloud"] as &[&str])), ("Enabled", IDENTITY), ("Enabled", Some(&[]))]
    {
        azure.put(PORTAL, portal(&azure, alerts, providers));
        assert_eq!(read(&azure, &state).await, Read::Gone);
    }
}

#[tokio::test(start_paused = true)]
async fn read_follows_a_connection_that_the_portal_created_again() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.simulator.delete_document(connectors(&azure)[0]["id"].as_str().expect("an ID"));
    azure.put(PORTAL, portal(&azure, "Enabled", Some(&["microsoftDefenderForCloud"])));

    let Read::Found(state) = read(&azure, &state).await else { panic!("expected to find it") };

    assert_eq!(state.get(&NAME), Ok(Some("p1".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn read_and_destroy_succeed_without_workspace_or_sentinel() {
    for response in not_found_responses() {
        let azure = Azure::start_empty().await;
        azure.fault("*", "^/subscriptions/", response);
        let state = planned(&azure);

        let context = Context::for_tests();
        let read = TenantConnector.read(&context, &azure.session(), state.clone()).await;
        assert_eq!(read.expect("a response"), Read::Gone);
        TenantConnector.delete(&context, &azure.session(), state).await.expect("nothing to disconnect");
        let summaries: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
        assert_eq!(summaries, ["The workspace law-soc no longer has Microsoft Sentinel"; 2]);
    }
}

/// Azure's responses for a workspace that does not exist or has no Sentinel.
fn not_found_responses() -> [Effect; 3] {
    [not_onboarded(), no_workspace_metadata(), Effect::new().error(404, "ResourceNotFound", "no such workspace")]
}

/// Responses that wrongly report a missing connection.
fn wrong_responses() -> impl Iterator<Item = Effect> {
    not_found_responses().into_iter().chain([Effect::new().json(json!({"value": []}))])
}

#[tokio::test(start_paused = true)]
async fn confirms_a_missing_connection_with_a_second_request() {
    for response in wrong_responses() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");

        azure.fault_once("GET", r"/dataConnectors\?", response.clone());
        assert!(matches!(read(&azure, &state).await, Read::Found(_)));

        azure.fault_once("GET", r"/dataConnectors\?", response);
        delete(&azure, state).await;
        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "Disabled");
    }
}

#[tokio::test(start_paused = true)]
async fn confirms_a_missing_connection_that_has_a_new_name() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");
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
async fn read_and_destroy_fail_if_the_absence_is_not_confirmed() {
    for response in not_found_responses() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");
        azure.fault("*", "/dataConnectors", response);
        let (context, session) = (Context::for_tests(), azure.session());

        let read = TenantConnector.read(&context, &session, state.clone()).await;
        let deleted = TenantConnector.delete(&context, &session, state).await;

        read.expect_err("not confirmed");
        assert!(deleted.is_err(), "not confirmed");
        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "enabled");
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_retries_a_write_that_wrongly_reports_absence() {
    for response in not_found_responses() {
        let azure = streaming().await;
        let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");
        azure.fault_once("PUT", "/dataConnectors/", response);

        delete(&azure, state).await;

        assert_eq!(properties(&azure)["dataTypes"]["alerts"]["state"], "Disabled");
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_retired_api_version_as_an_error() {
    let azure = streaming().await;
    azure.fault("*", "^/subscriptions/", Effect::new().error(404, "InvalidResourceType", ""));
    let (context, session) = (Context::for_tests(), azure.session());

    let read = TenantConnector.read(&context, &session, planned(&azure)).await;
    let deleted = TenantConnector.delete(&context, &session, planned(&azure)).await;

    assert!(read.is_err() && deleted.is_err());
}

#[tokio::test(start_paused = true)]
async fn refresh_finds_an_imported_connection() {
    let azure = streaming().await;
    let (context, session) = (Context::for_tests(), azure.session());
    let target = ImportTarget::Id(azure.workspace().to_string());

    let imported = TenantConnector.import(&context, &session, target, State::empty(&schema())).await;

    let imported = imported.expect("imported");
    assert_eq!(imported.get(&ID), Ok(Some(azure.id(PORTAL))));
    assert_eq!(read(&azure, &imported).await, Read::Found(imported));
}
