//! Tests of existing connections, and of connections that another resource manages.

use super::*;

#[tokio::test(start_paused = true)]
async fn rejects_an_existing_connection_without_a_write() {
    let azure = streaming().await;

    let failed = create(&azure, planned(&azure)).await.expect_err("a conflict");

    assert_eq!(summary(&failed), "The tenant-based connector in law-soc already exists");
    assert_eq!(failed.state(), None, "no state");
    assert_eq!(methods(&azure), "GET");
}

#[tokio::test(start_paused = true)]
async fn reports_a_name_that_a_connector_of_another_kind_has() {
    let azure = Azure::start_empty().await;
    let taken = name_for(&azure.workspace(), &Contract::default().kind);
    azure.put(&format!("dataConnectors/{taken}"), json!({"kind": "Office365", "properties": {}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("the name is taken");

    assert_eq!(summary(&failed), "The new connector's name is taken");
    assert_eq!(failed.state(), None, "no state");
    assert_eq!(methods(&azure), "GET");
}

#[tokio::test(start_paused = true)]
async fn adopts_an_existing_connection_without_a_write() {
    let azure = streaming().await;
    let context = Context::for_tests();
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    let state = TenantConnector.create(&context, &azure.session(), planned).await.expect("adopted");

    assert_eq!(state.get(&ID), Ok(Some(azure.id(PORTAL))));
    assert_eq!(methods(&azure), "GET");
    assert_eq!(context.warnings().iter().count(), 1, "the adoption is reported");
}

#[tokio::test(start_paused = true)]
async fn only_one_of_two_resources_adopts_the_connection() {
    let azure = streaming().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let planned = planned(&azure).with(&ADOPT_EXISTING, true);

    TenantConnector.create(&context, &session, planned.clone()).await.expect("adopted");
    let failed = TenantConnector.create(&context, &session, planned).await.expect_err("already adopted");

    assert_eq!(summary(&failed), "Two resources manage the tenant-based connector in law-soc");
    assert_eq!(failed.state(), None, "no state");
}

#[tokio::test(start_paused = true)]
async fn destroy_keeps_a_connection_that_another_resource_adopted() {
    let azure = Azure::start_empty().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let predecessor = create(&azure, planned(&azure)).await.expect("created, in an earlier run");
    let mut replacement = planned(&azure).with(&ADOPT_EXISTING, true);
    *replacement.private_mut() = predecessor.private().clone();

    let successor = TenantConnector.create(&context, &session, replacement).await.expect("adopted");
    TenantConnector.delete(&context, &session, predecessor).await.expect("nothing to do");
    assert_eq!(connectors(&azure).len(), 1, "`create_before_destroy` keeps the connection");

    TenantConnector.delete(&context, &session, successor).await.expect("deleted");
    assert_eq!(connectors(&azure), Vec::<Value>::new(), "the connector has the provider's name and no other use");
}

#[tokio::test(start_paused = true)]
async fn read_finds_a_connector_that_the_list_lacks() {
    let azure = streaming().await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");
    azure.fault("GET", r"/dataConnectors\?", Effect::new().json(json!({"value": []})));

    assert!(matches!(read(&azure, &state).await, Read::Found(_)));
}

#[tokio::test(start_paused = true)]
async fn only_one_of_two_concurrent_creates_succeeds() {
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
