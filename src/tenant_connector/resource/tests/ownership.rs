//! Connections that exist already, or that another resource manages.

use super::*;

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
