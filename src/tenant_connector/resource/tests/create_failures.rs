//! Tests of creates that fail, or whose settings Azure does not store.

use super::*;

#[tokio::test(start_paused = true)]
async fn recognizes_its_connector_after_a_lost_response() {
    let azure = Azure::start_empty().await;
    azure.fault_once("PUT", "/dataConnectors/", Effect::new().disconnect(Moment::After));

    create(&azure, planned(&azure)).await.expect("created");
}

#[tokio::test(start_paused = true)]
async fn reports_a_dropped_provider_and_deletes_the_connector_on_destroy() {
    let azure = Azure::start_empty().await;
    let elements = json!({"/properties/filteredProviders/alerts": ["microsoftDefenderForCloud"]});
    azure.simulator.patch_world(json!({"behaviors": {"write_rules": [{"remove_elements": elements}]}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not save the connector settings");
    let state = failed.state().expect("a partial state").clone();
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "the connector remains in the state");
    delete(&azure, state).await;
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn reports_a_dropped_filter_although_all_alerts_stream() {
    let azure = Azure::start_empty().await;
    let rule = json!({"remove": ["/properties/filteredProviders"]});
    azure.simulator.patch_world(json!({"behaviors": {"write_rules": [rule]}}));

    let failed = create(&azure, planned(&azure)).await.expect_err("dropped");

    assert_eq!(summary(&failed), "Azure did not save the connector settings");
    assert!(failed.state().is_some());
}

#[tokio::test(start_paused = true)]
async fn reports_a_missing_license_without_a_retry_or_a_state() {
    let azure = Azure::start_empty().await;
    azure.fault("PUT", "/dataConnectors/", Effect::new().error(401, "InvalidLicense", "Missing consent"));

    let failed = create(&azure, planned(&azure)).await.expect_err("rejected");

    assert!(summary(&failed).contains("License or consent is missing"), "{}", summary(&failed));
    assert_eq!(failed.state(), None);
    assert_eq!(methods(&azure), "GET PUT");
}

#[tokio::test(start_paused = true)]
async fn rejects_another_tenant_before_the_first_read() {
    let azure = Azure::start_empty().await;
    let other = TenantId::from_azure("99999999-9999-4999-8999-999999999999");

    let failed = create(&azure, planned(&azure).with(&TENANT_ID, Some(other))).await.expect_err("rejected");

    assert_eq!(summary(&failed), "`tenant_id` is not the tenant of the workspace");
    assert_eq!(methods(&azure), "");
}

#[tokio::test(start_paused = true)]
async fn canceled_create_keeps_a_possible_connector_in_the_state() {
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

    let state = created.expect_err("canceled").state().expect("a partial state").clone();
    assert_eq!(read(&azure, &state).await, Read::Gone, "Azure has not created the connector");
}
