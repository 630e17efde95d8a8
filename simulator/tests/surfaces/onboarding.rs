//! Onboarding: Sentinel works on a workspace only after it, and not always at once.

use serde_json::json;

use crate::harness::{Azure, PREVIEW, STABLE};

#[tokio::test]
async fn everything_else_is_refused_on_a_workspace_without_it() {
    let azure = Azure::start().await;
    for collection in
        ["dataConnectors", "contentPackages", "contentProductPackages", "contentTemplates", "metadata", "alertRules"]
    {
        let reply = azure.get(&azure.sentinel("law-fresh", collection), STABLE).await;
        assert_eq!((reply.status, reply.code()), (400, "BadRequest"), "{collection}");
        let start = "Workspace 'law-fresh' is not onboarded to Microsoft Sentinel.";
        assert!(reply.message().starts_with(start), "{}", reply.message());
    }
    let reply = azure.get(&azure.sentinel("law-fresh", "onboardingStates"), STABLE).await;
    assert_eq!(reply.body, json!({"value": []}));
    assert_eq!(azure.get(&azure.sentinel("law-fresh", "onboardingStates/default"), STABLE).await.status, 404);
}

#[tokio::test]
async fn it_is_put_once_and_again_and_taken_away() {
    let azure = Azure::start().await;
    let state = azure.sentinel("law-fresh", "onboardingStates/default");
    let body = json!({"properties": {"customerManagedKey": false}});
    assert_eq!(azure.put(&state, STABLE, body.clone()).await.status, 201);
    assert_eq!(azure.put(&state, STABLE, body).await.status, 200);
    assert_eq!(azure.get(&azure.sentinel("law-fresh", "dataConnectors"), STABLE).await.status, 200);
    assert_eq!(azure.delete(&state, STABLE).await.status, 200);
    assert_eq!(azure.delete(&state, STABLE).await.status, 204);
    assert_eq!(azure.get(&azure.sentinel("law-fresh", "dataConnectors"), STABLE).await.status, 400);
}

#[tokio::test]
async fn default_is_the_only_name() {
    let azure = Azure::start().await;
    let reply = azure.put(&azure.sentinel("law-fresh", "onboardingStates/other"), STABLE, json!({})).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
}

#[tokio::test]
async fn its_properties_are_an_object() {
    let azure = Azure::start().await;
    let state = azure.sentinel("law-fresh", "onboardingStates/default");
    let reply = azure.put(&state, STABLE, json!({"properties": []})).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"));
}

#[tokio::test]
async fn its_consistency_windows_pass_by_the_simulators_clock() {
    let azure = Azure::with_world(json!({"behaviours": {
        "onboarding_visible_after_seconds": 10, "onboarding_effective_after_seconds": 60}}))
    .await;
    let state = azure.sentinel("law-fresh", "onboardingStates/default");
    let connectors = azure.sentinel("law-fresh", "dataConnectors");
    assert_eq!(azure.put(&state, STABLE, json!({})).await.status, 201);
    assert_eq!(azure.get(&state, STABLE).await.status, 404, "not visible yet");
    azure.advance(10).await;
    assert_eq!(azure.get(&state, STABLE).await.status, 200);
    let reply = azure.get(&connectors, PREVIEW).await;
    assert_eq!(reply.status, 400, "visible, but not in effect");
    azure.advance(50).await;
    assert_eq!(azure.get(&connectors, PREVIEW).await.status, 200);
}
