//! Creates that fail, or whose result is not what was sent.

use super::*;

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

    assert_eq!(summary(&failed), "`tenant_id` is not the tenant of the workspace");
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
