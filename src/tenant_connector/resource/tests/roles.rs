//! Logins without a role, or with a new one.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_login_without_permission_is_an_error_and_no_loss() {
    let azure = streaming().await;
    azure.fault("*", "^/subscriptions/", Effect::new().error(403, "AuthorizationFailed", "no"));

    let read = TenantConnector.read(&Context::for_tests(), &azure.session(), planned(&azure)).await;

    read.expect_err("no permission");
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
