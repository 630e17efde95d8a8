//! Tests of missing and new role assignments.

use super::*;

#[tokio::test(start_paused = true)]
async fn reports_a_missing_permission_as_an_error() {
    let azure = streaming().await;
    azure.fault("*", "^/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "no"));

    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), planned(&azure)).await;

    read.expect_err("no permission");
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_role_assignment_of_the_same_run() {
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
async fn reports_a_permission_that_is_missing_for_two_minutes() {
    let azure = Azure::start_empty().await;
    let refusal = "The client 'x' does not have authorization to perform action \
                   'Microsoft.SecurityInsights/dataConnectors/write' over scope '/s'.";
    azure.fault("PUT", "/dataConnectors/", Effect::new().error(403, "AuthorizationFailed", refusal));
    let started = tokio::time::Instant::now();

    let failed = create(&azure, planned(&azure)).await.expect_err("rejected");

    let waited = started.elapsed().as_secs();
    assert!((100..=120).contains(&waited), "{waited} s");
    assert_eq!((summary(&failed).as_str(), failed.state()), ("Missing permission", None));
    let detail = failed.diagnostics().to_string();
    assert!(detail.contains("The provider repeated the request for 1 min"), "{detail}");
    assert!(detail.contains("The permission is still missing"), "{detail}");
    assert_eq!(connectors(&azure), Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn reports_a_missing_role_of_an_existing_connection_at_once() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    azure.fault("GET", "/dataConnectors", Effect::new().error(403, "AuthorizationFailed", "no"));
    let started = tokio::time::Instant::now();

    TenantConnector.read(&Context::for_tests(), &azure.session(), state.clone()).await.expect_err("rejected");
    let _ = TenantConnector.delete(&Context::for_tests(), &azure.session(), state).await.expect_err("rejected");

    assert_eq!(started.elapsed(), Duration::ZERO);
}
