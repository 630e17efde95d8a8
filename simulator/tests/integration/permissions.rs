//! Resource Manager: what a caller may do with its roles.

use serde_json::json;

use crate::arm::{AUDITOR, RESOURCES, STRANGER, subscription};
use crate::harness::{Azure, STABLE, send};

#[tokio::test]
async fn reader_role_cannot_write() {
    let azure = Azure::start().await;
    let token = azure.token(&[("client_id", AUDITOR.0), ("client_secret", AUDITOR.1)]).await;
    let url = format!("{}{}?api-version={STABLE}", azure.endpoint(), azure.sentinel("law-soc", "dataConnectors/x"));
    let reply = send(azure.http.get(&url).bearer_auth(&token)).await;
    assert_eq!(reply.code(), "ResourceNotFound");
    let reply = send(azure.http.put(&url).bearer_auth(&token).json(&json!({}))).await;
    assert_eq!((reply.status, reply.code()), (403, "AuthorizationFailed"));
    assert!(
        reply.message().contains("action 'Microsoft.SecurityInsights/dataConnectors/write' over scope"),
        "{}",
        reply.message()
    );
}

#[tokio::test]
async fn caller_without_a_role_sees_no_subscription() {
    let azure = Azure::start().await;
    let token = azure.token(&[("client_id", STRANGER.0), ("client_secret", STRANGER.1)]).await;
    let url = |path: &str| format!("{}{path}?api-version={RESOURCES}", azure.endpoint());
    let reply = send(azure.http.get(url("/subscriptions")).bearer_auth(&token)).await;
    assert_eq!(reply.body, json!({"value": []}));
    let reply = send(azure.http.get(url(&subscription(&azure))).bearer_auth(&token)).await;
    assert_eq!((reply.status, reply.code()), (403, "AuthorizationFailed"));
    assert_eq!(azure.get("/subscriptions", RESOURCES).await.body["value"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn caller_with_a_role_on_a_resource_group_sees_only_that() {
    let azure = Azure::start().await;
    let group = format!("{}/resourceGroups/rg-soc", subscription(&azure));
    azure
        .put(&format!("{}/resourceGroups/rg-other", subscription(&azure)), RESOURCES, json!({"location": "westeurope"}))
        .await;
    azure.simulator.with_world(|world| {
        let mut settings = world.to_value()["world"].clone();
        let stranger = settings["applications"].as_array().expect("a list").iter();
        let stranger = stranger.clone().find(|application| application["client_id"] == STRANGER.0).expect("it exists");
        let assignment = json!({"principal_id": stranger["object_id"], "scope": group, "role": "Reader"});
        settings["role_assignments"].as_array_mut().expect("a list").push(assignment);
        world.patch(json!({"role_assignments": settings["role_assignments"]}));
    });
    let token = azure.token(&[("client_id", STRANGER.0), ("client_secret", STRANGER.1)]).await;
    let get = async |path: &str| {
        let url = format!("{}{path}?api-version={RESOURCES}", azure.endpoint());
        send(azure.http.get(url).bearer_auth(&token)).await
    };
    assert_eq!(get("/subscriptions").await.body["value"].as_array().map(Vec::len), Some(1));
    assert_eq!(get(&format!("{}/resourceGroups", subscription(&azure))).await.names(), ["rg-soc"]);
    assert_eq!(get(&format!("{}/resources", subscription(&azure))).await.names().len(), 4);
    assert_eq!(get(&format!("{}/providers", subscription(&azure))).await.code(), "AuthorizationFailed");
    assert_eq!(get(&subscription(&azure)).await.code(), "AuthorizationFailed");
    azure.simulator.patch_world(json!({"behaviors": {"subscription_readable_from_below": true}}));
    assert_eq!(get(&subscription(&azure)).await.body["tenantId"], azure.login.tenant_id);
}

#[tokio::test]
async fn permissions_are_the_actions_of_the_callers_roles() {
    let azure = Azure::start().await;
    let path = format!("{}/providers/Microsoft.Authorization/permissions", azure.workspace("law-soc"));
    let reply = azure.get(&path, "2022-04-01").await;
    assert_eq!(reply.body["value"][0]["actions"], json!(["*"]));
    assert_eq!(reply.body["value"][0]["notActions"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn permissions_contain_an_assignment_when_it_takes_effect() {
    let azure = Azure::start().await;
    let start = time::OffsetDateTime::now_utc() + time::Duration::minutes(2);
    let effective_at = start.format(&time::format_description::well_known::Rfc3339).expect("a time");
    let principal = azure.simulator.state()["world"]["applications"][0]["object_id"].clone();
    azure.simulator.patch_world(json!({"role_assignments": [
        {"principal_id": principal, "scope": azure.workspace("law-soc"), "role": "Reader", "effective_at": effective_at}
    ]}));
    let path = format!("{}/providers/Microsoft.Authorization/permissions", azure.workspace("law-soc"));

    assert_eq!(azure.get(&path, "2022-04-01").await.body["value"], json!([]));
    azure.advance(150).await;
    assert_eq!(azure.get(&path, "2022-04-01").await.body["value"][0]["actions"], json!(["*/read"]));
}
