//! Injected faults: the response to the client, and the effect on the service.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::harness::{Azure, PREVIEW, STABLE, http1_client};

fn connector(azure: &Azure) -> (String, serde_json::Value) {
    let body = json!({"kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": azure.login.subscription_id, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    (azure.sentinel("law-soc", "dataConnectors/one"), body)
}

#[tokio::test]
async fn canned_status_replaces_the_service() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure
        .fault(json!({"method": "PUT", "path": "/dataConnectors/", "skip": 0, "times": 1, "status": 429,
            "headers": {"Retry-After": "7"}, "body": {"error": {"code": "TooManyRequests", "message": "slow down"}}}))
        .await;
    let reply = azure.put(&path, STABLE, body.clone()).await;
    assert_eq!((reply.status, reply.code()), (429, "TooManyRequests"));
    assert_eq!(reply.headers["retry-after"], "7");
    assert_eq!(azure.document(&path), json!(null));
    assert_eq!(azure.put(&path, STABLE, body).await.status, 201, "the fault is over");
    let faults = azure.admin(Method::GET, "faults", None).await;
    assert_eq!(faults.body[0]["hits"], 1);
}

#[tokio::test]
async fn canned_text_is_sent_unchanged() {
    let azure = Azure::start().await;
    azure.fault(json!({"path": "onboardingStates", "times": 1, "body": "{\"half\":"})).await;
    let request = azure.request(
        Method::GET,
        &format!("{}?api-version={STABLE}", azure.sentinel("law-soc", "onboardingStates/default")),
    );
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.expect("text"), "{\"half\":");
}

#[tokio::test]
async fn disconnect_before_does_not_process_the_request() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.fault(json!({"method": "PUT", "path": "dataConnectors", "times": 1, "disconnect": "before"})).await;
    let request = azure.request(Method::PUT, &format!("{path}?api-version={STABLE}")).json(&body);
    assert!(request.send().await.is_err());
    assert_eq!(azure.document(&path), json!(null));
}

#[tokio::test]
async fn disconnect_after_processes_the_request() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.fault(json!({"method": "PUT", "path": "dataConnectors", "times": 1, "disconnect": "after"})).await;
    let request = azure.request(Method::PUT, &format!("{path}?api-version={STABLE}")).json(&body);
    assert!(request.send().await.is_err());
    assert_eq!(azure.document(&path)["kind"], "AzureSecurityCenter");
}

#[tokio::test]
async fn truncate_closes_the_connection_within_the_body() {
    let azure = Azure::start().await;
    azure.fault(json!({"path": "dataConnectors", "times": 1, "truncate": 10})).await;
    let path = format!("{}?api-version={PREVIEW}", azure.sentinel("law-portal", "dataConnectors"));
    let response = azure.request(Method::GET, &path).send().await.expect("a head");
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn faults_break_http_1_connections() {
    let azure = Azure::start().await;
    let authority = azure.simulator.ca_pem().as_bytes();
    let url = format!("{}/metadata/endpoints?api-version=2022-09-01", azure.endpoint());
    let get = async || http1_client(authority).get(&url).send().await;

    azure.fault(json!({"path": "/metadata/", "times": 1, "disconnect": "before"})).await;
    assert!(get().await.is_err());
    azure.fault(json!({"path": "/metadata/", "times": 1, "truncate": 10})).await;
    assert!(get().await.expect("a head").bytes().await.is_err());
    assert_eq!(get().await.expect("a response").version(), reqwest::Version::HTTP_11);
}

#[tokio::test]
async fn delayed_request_is_processed_immediately() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.fault(json!({"method": "PUT", "times": 1, "delay_ms": 60_000})).await;
    let request = azure.request(Method::PUT, &format!("{path}?api-version={STABLE}")).json(&body);
    assert!(request.timeout(Duration::from_millis(200)).send().await.is_err());
    assert_eq!(azure.document(&path)["kind"], "AzureSecurityCenter");
}

#[tokio::test]
async fn delays_a_response() {
    let azure = Azure::start().await;
    azure.fault(json!({"path": "/metadata/", "times": 1, "delay_ms": 150})).await;
    let start = Instant::now();
    let url = format!("{}/metadata/endpoints?api-version=2022-09-01", azure.endpoint());
    assert_eq!(azure.http.get(url).send().await.expect("a response").status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn faults_apply_to_token_requests_until_cleared() {
    let azure = Azure::start().await;
    azure.fault(json!({"method": "POST", "path": "/oauth2/", "status": 503})).await;
    assert_eq!(azure.authenticate(&[]).await.status, 503);
    assert_eq!(azure.authenticate(&[]).await.status, 503, "without times, all of them");
    assert_eq!(azure.admin(Method::DELETE, "faults", None).await.status, 204);
    assert_eq!(azure.authenticate(&[]).await.status, 200);
}

#[tokio::test]
async fn rejects_invalid_faults() {
    let azure = Azure::start().await;
    for fault in [
        json!({"stauts": 500}),
        json!({"path": "("}),
        json!({"status": 99}),
        json!({"disconnect": "now"}),
        json!({"headers": {"retry after": "5"}}),
        json!({"headers": {"retry-after": "5\n"}}),
    ] {
        let reply = azure.admin(Method::POST, "faults", Some(fault)).await;
        assert_eq!(reply.status, 400, "{reply:?}");
    }
}
