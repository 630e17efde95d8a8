//! Tests of the client with a real HTTPS server that returns errors and closes connections.

mod interruptions;
mod lists;
mod log;
mod retries;
mod tokens;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::json;

use super::*;
use crate::azure::credential::{Setting, Settings, Source};
use crate::azure::error::TransportKind;
use crate::azure::service::EndpointKind;
use crate::azure::testing::{Received, Reply, Server, deadline, secret};
use crate::azure::text::host_of;

const PATH: &str = "/subscriptions/s/resourceGroups/g";

fn get() -> Request {
    Request::get(PATH, "v")
}

fn put() -> Request {
    Request::put(PATH, "v", json!({"n": 1}))
}

fn post() -> Request {
    Request::post(PATH, "v")
}

fn ok() -> Reply {
    Reply::json(200, &json!({"name": "g"}))
}

/// Starts a server that responds with `first` to the first `times` requests, and then with success.
async fn after(first: impl Fn() -> Reply + Send + Sync + 'static, times: usize) -> Server {
    Server::arm(move |_, before| if before < times { first() } else { ok() }).await
}

#[tokio::test(start_paused = true)]
async fn successful_call_sends_one_request() {
    let server = after(ok, 0).await;

    let response = server.client().send(&get(), &deadline()).await.expect("a response");

    assert_eq!(response.body, json!({"name": "g"}));
    assert!(!response.earlier_attempt_lost);
    assert_eq!(server.calls(), [format!("GET {PATH}?api-version=v")]);
}

#[tokio::test(start_paused = true)]
async fn rejects_a_response_over_the_memory_limit() {
    let numbers = format!("[{}1]", "1,".repeat(600_000));
    let server = Server::arm(move |_, _| Reply::text(200, &numbers)).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("more than a document");

    assert!(matches!(&error, Error::InvalidResponse { cause, .. } if cause.contains("larger than")), "{error}");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn sends_token_user_agent_and_ids() {
    let server = after(|| Reply::error(503, "Busy", "later"), 1).await;

    server.client().send(&get(), &deadline()).await.expect("a response");

    let seen: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_token_request()).collect();
    let (first, second) = (&seen[0].headers, &seen[1].headers);
    assert_eq!(first["authorization"], "Bearer token-0");
    assert!(first["user-agent"].contains("terraform-provider-sentinel/"));
    assert_eq!(first["x-ms-correlation-request-id"], "run-1");
    assert_eq!(first["x-ms-client-request-id"], second["x-ms-client-request-id"]);
}

#[tokio::test(start_paused = true)]
async fn reports_a_permanent_error_with_its_ids() {
    let rejection = || Reply::error(403, "AuthorizationFailed", "no right").header("x-ms-request-id", "r-1");
    let server = after(rejection, 9).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("rejected");

    let service = error.service().expect("an error response");
    assert_eq!((service.status, service.code.as_deref()), (403, Some("AuthorizationFailed")));
    assert_eq!(service.correlation_id.as_deref(), Some("run-1"));
    assert_eq!(service.request_id.as_deref(), Some("r-1"));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn get_optional_distinguishes_absence_from_a_proxy_404() {
    let absent = after(|| Reply::error(404, "ResourceNotFound", "gone"), 9).await;
    let proxy = after(|| Reply::text(404, "<html>Not Found</html>"), 9).await;

    assert!(absent.client().get_optional(&get(), &deadline()).await.expect("no error").is_none());
    assert!(proxy.client().get_optional(&get(), &deadline()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn other_services_get_their_own_tokens_and_retries() {
    let server = Server::arm(|request, before| match (request.target.as_str(), before) {
        ("/metadata/endpoints?api-version=2022-09-01", _) => {
            let here = format!("https://{}", request.headers["host"]);
            Reply::json(
                200,
                &json!({
                    "resourceManager": here,
                    "authentication": {"loginEndpoint": here, "audiences": ["https://arm.example"]},
                    "logAnalyticsResourceId": format!("{here}/logs"),
                    "microsoftGraphResourceId": format!("{here}/graph"),
                }),
            )
        }
        (_, 0) => Reply::error(503, "Busy", "later"),
        _ => ok(),
    })
    .await;
    let cloud = Cloud::from_metadata(&host_of(&server.endpoint), &server.http(), &deadline()).await.expect("a cloud");
    let credential = Credential::select(&secret(), &cloud, server.http()).expect("a credential");
    let arm = Client::new(server.http(), cloud, credential, Correlation::given("run-1"));

    for (client, path) in [
        (arm.log_analytics().expect("a service"), "/logs/v1/workspaces/w/query"),
        (arm.graph().expect("a service"), "/graph/v1.0/organization"),
    ] {
        let own = path.trim_start_matches(client.service().endpoint().path());
        client.send(&Request::new(Method::GET, own), &deadline()).await.expect("a response");

        let seen = server.seen();
        let token_request = seen.iter().rfind(|request| request.is_token_request()).expect("a token request");
        let audience = format!("{}%2F.default", &client.service().endpoint().path()[1..]);
        assert!(token_request.body.contains(&audience), "{}", token_request.body);
        assert_eq!(server.calls().iter().filter(|call| **call == format!("GET {path}")).count(), 2);
        assert_eq!(seen.last().expect("a request").headers["x-ms-correlation-request-id"], "run-1");
    }
    assert_eq!(server.token_requests(), 2, "one token for each audience");
}

#[tokio::test(start_paused = true)]
async fn does_not_follow_redirects() {
    let foreign = Server::arm(|_, _| ok()).await;
    let link = foreign.endpoint.to_string();
    let server = Server::arm(move |_, _| Reply::text(307, "").header("location", &link)).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("a redirect");

    assert_eq!(error.service().map(|error| error.status), Some(307));
    assert!(foreign.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn keeps_numbers_and_unknown_fields_of_a_document() {
    let document = "\u{feff}{\"z\":1.10,\"a\":{\"unknown\":12345678901234567890123}}";
    let server = Server::arm(move |_, _| Reply::text(200, document)).await;

    let response = server.client().send(&get(), &deadline()).await.expect("a response");

    assert_eq!(response.body.to_string(), document.trim_start_matches('\u{feff}'));
}
