//! The admin endpoints: state, direct changes, request log.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, STABLE};

#[tokio::test]
async fn state_has_every_document_by_lower_case_id() {
    let azure = Azure::start().await;
    let state = azure.admin(Method::GET, "state", None).await.body;
    let documents = state.as_object().expect("an object");
    assert!(documents.keys().filter(|key| key.starts_with('/')).all(|key| *key == key.to_lowercase()));
    let workspace = azure.workspace("law-soc");
    assert_eq!(state[workspace.to_lowercase()]["id"], workspace);
    assert!(state["world"]["tenants"].is_array());
}

#[tokio::test]
async fn starts_from_a_state_dump() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let body = json!({"kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": azure.login.subscription_id, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    azure.put(&path, STABLE, body).await;
    let state = azure.admin(Method::GET, "state", None).await.body;
    let again = Azure::start_with(state.clone().try_into().expect("a world")).await;
    assert_eq!(again.admin(Method::GET, "state", None).await.body, state);
    assert_eq!(again.get(&path, STABLE).await.status, 200);
}

#[tokio::test]
async fn put_resource_gives_a_document_a_new_etag() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-portal", "dataConnectors/6f1d2c3b-9a84-4e57-b0c6-3d8e5f7a1b29");
    let mut document = azure.get(&path, PREVIEW).await.body;
    let before = document["etag"].clone();
    document["properties"]["dataTypes"]["alerts"]["state"] = json!("Disabled");
    let reply = azure.admin(Method::PUT, &format!("resources?id={path}"), Some(document)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let after = azure.get(&path, PREVIEW).await.body;
    assert_eq!(after["properties"]["dataTypes"]["alerts"]["state"], "Disabled");
    assert_ne!(after["etag"], before);
}

#[tokio::test]
async fn put_resource_adds_id_name_and_type() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/New");
    let body = json!({"kind": "AzureSecurityCenter", "properties": {}});
    let reply = azure.admin(Method::PUT, &format!("resources?id={path}"), Some(body)).await;
    assert_eq!((reply.status, &reply.body["name"]), (201, &json!("New")));
    assert_eq!(reply.body["id"], path);
    assert_eq!(reply.body["type"], "Microsoft.SecurityInsights/dataConnectors");
    assert!(reply.body["etag"].is_string());
    assert_eq!(azure.admin(Method::DELETE, &format!("resources?id={path}"), None).await.status, 200);
    assert_eq!(azure.admin(Method::DELETE, &format!("resources?id={path}"), None).await.status, 204);
    assert_eq!(azure.document(&path), Value::Null);
}

#[tokio::test]
async fn delete_resource_removes_everything_below() {
    let azure = Azure::start().await;
    azure.admin(Method::DELETE, &format!("resources?id={}", azure.workspace("law-soc")), None).await;
    let state = azure.admin(Method::GET, "state", None).await.body;
    let left = state.as_object().expect("an object").keys().filter(|id| id.contains("/workspaces/law-soc"));
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn logs_requests_in_order_with_their_user_agent() {
    let azure = Azure::start().await;
    azure.admin(Method::DELETE, "requests", None).await;
    let path = azure.sentinel("law-soc", "onboardingStates/default");
    let request = azure.request(Method::GET, &format!("{path}?api-version={STABLE}"));
    let request = request.header("user-agent", "a-client/1").header("x-ms-correlation-request-id", "c-1");
    request.send().await.expect("a response");
    azure.delete(&azure.sentinel("law-soc", "dataConnectors/none"), PREVIEW).await;
    let log = azure.admin(Method::GET, "requests", None).await.body;
    assert_eq!(log.as_array().map(Vec::len), Some(2), "admin requests are not logged");
    assert_eq!((&log[0]["method"], &log[0]["path"]), (&json!("GET"), &json!(path)));
    assert_eq!((&log[0]["api_version"], &log[0]["status"]), (&json!(STABLE), &json!(200)));
    assert_eq!((&log[0]["user_agent"], &log[0]["correlation_id"]), (&json!("a-client/1"), &json!("c-1")));
    assert_eq!((&log[1]["method"], &log[1]["status"]), (&json!("DELETE"), &json!(204)));
}

#[tokio::test]
async fn reports_unknown_endpoints_and_methods() {
    let azure = Azure::start().await;
    assert_eq!(azure.admin(Method::GET, "nothing", None).await.status, 404);
    assert_eq!(azure.admin(Method::PUT, "state", None).await.status, 405);
    assert_eq!(azure.admin(Method::PUT, "resources", Some(json!({}))).await.status, 400);
    assert_eq!(azure.admin(Method::POST, "clock", Some(json!({"advance": 1}))).await.status, 400);
    let reply = azure.admin(Method::PATCH, "world", Some(json!({"behaviors": {"typo": true}}))).await;
    assert_eq!(reply.status, 400, "{reply:?}");
}
