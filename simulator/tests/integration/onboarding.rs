//! Onboarding, and its consistency windows.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Azure, PREVIEW, STABLE, send};

#[tokio::test]
async fn requires_onboarding_for_all_other_types() {
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
async fn world_can_return_not_found_without_sentinel() {
    let azure = Azure::with_world(json!({"behaviors": {"missing_sentinel_is_not_found": true}})).await;

    let reply = azure.get(&azure.sentinel("law-fresh", "dataConnectors"), STABLE).await;

    assert_eq!((reply.status, reply.code()), (404, "NotFound"));
    assert!(reply.message().starts_with("Couldn't find workspaceMetadata of workspace id "), "{}", reply.message());
    assert_eq!(azure.get(&azure.sentinel("law-soc", "dataConnectors"), STABLE).await.status, 200);
}

#[tokio::test]
async fn creates_replaces_and_deletes_onboarding() {
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
async fn accepts_only_the_name_default() {
    let azure = Azure::start().await;
    let reply = azure.put(&azure.sentinel("law-fresh", "onboardingStates/other"), STABLE, json!({})).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
}

#[tokio::test]
async fn requires_properties_to_be_an_object() {
    let azure = Azure::start().await;
    let state = azure.sentinel("law-fresh", "onboardingStates/default");
    for properties in [json!([]), json!({"customerManagedKey": "false"})] {
        let reply = azure.put(&state, STABLE, json!({"properties": properties})).await;
        assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
    }
}

#[tokio::test]
async fn body_is_optional() {
    let azure = Azure::start().await;
    let state = azure.sentinel("law-fresh", "onboardingStates/default");
    assert_eq!(azure.arm(Method::PUT, &state, STABLE, None).await.status, 201);
}

#[tokio::test]
async fn consistency_windows_end_by_the_simulators_clock() {
    let azure = Azure::with_world(json!({"behaviors": {
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

#[tokio::test]
async fn offboarding_removes_connectors_and_keeps_rules_for_30_days() {
    let azure = Azure::start().await;
    let state = azure.sentinel("law-portal", "onboardingStates/default");
    let (connectors, rules) =
        (azure.sentinel("law-portal", "dataConnectors"), azure.sentinel("law-portal", "alertRules"));
    let rules_before = azure.get(&rules, STABLE).await.names().len();
    for (days, left) in [(29, rules_before), (31, 0)] {
        assert_eq!(azure.delete(&state, STABLE).await.status, 200);
        azure.advance(days * 24 * 60 * 60).await;
        let token = azure.token(&[]).await;
        let put = azure.http.put(format!("{}{state}?api-version={STABLE}", azure.endpoint())).bearer_auth(&token);
        assert_eq!(send(put.json(&json!({}))).await.status, 201);
        assert_eq!(azure.simulator.collection(&connectors).len(), 0);
        assert_eq!(azure.simulator.collection(&rules).len(), left, "after {days} days");
        azure.simulator.patch_world(json!({"clock_offset_seconds": 0}));
    }
}

#[tokio::test]
async fn security_insights_solution_does_not_onboard_a_workspace() {
    const VERSION: &str = "2015-11-01-preview";
    let azure = Azure::start().await;
    let workspace =
        azure.sentinel("law-fresh", "").split("/providers/Microsoft.SecurityInsights").next().map(str::to_owned);
    let workspace = workspace.expect("an ID");
    let (group, _) = workspace.split_once("/providers/").expect("an ID");
    let solution = format!("{group}/providers/Microsoft.OperationsManagement/solutions/SecurityInsights(law-fresh)");

    assert_eq!(azure.get(&solution, VERSION).await.status, 404);
    assert_eq!(azure.put(&solution, VERSION, json!({"properties": {}})).await.status, 400);
    let body = json!({"location": "westeurope", "properties": {"workspaceResourceId": workspace}});
    assert_eq!(azure.put(&solution, VERSION, body).await.status, 201);

    assert_eq!(azure.get(&solution, VERSION).await.body["name"], "SecurityInsights(law-fresh)");
    assert_eq!(azure.get(&azure.sentinel("law-fresh", "dataConnectors"), STABLE).await.status, 400);
    assert_eq!(azure.delete(&solution, VERSION).await.status, 200);
}
