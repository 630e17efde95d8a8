//! Tests of access tokens: their renewal and their tenants.

use super::*;

#[tokio::test(start_paused = true)]
async fn renews_an_expired_token_once() {
    let expired = || Reply::error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier.");
    let (once, always) = (after(expired, 1).await, after(expired, 9).await);

    once.client().send(&get(), &deadline()).await.expect("a response");
    let error = always.client().send(&get(), &deadline()).await.expect_err("rejected");

    assert_eq!((once.calls().len(), once.token_requests()), (2, 2));
    assert_eq!(error.service().map(|error| error.status), Some(401));
    assert_eq!((always.calls().len(), always.token_requests()), (2, 2));
}

/// `{"access_token":{"nbf":{"value":"1"}}}`
const CLAIMS: &str = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0=";

fn claims_challenge() -> Reply {
    let challenge = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{CLAIMS}\"");
    Reply::error(401, "InvalidAuthenticationToken", "Continuous access evaluation resulted in a challenge.")
        .header("www-authenticate", &challenge)
}

#[tokio::test(start_paused = true)]
async fn requests_one_token_with_the_claims_of_a_challenge() {
    let (once, always) = (after(claims_challenge, 1).await, after(claims_challenge, 9).await);

    once.client().send(&get(), &deadline()).await.expect("a response");
    let error = always.client().send(&get(), &deadline()).await.expect_err("rejected");

    let token_requests: Vec<Received> = once.seen().into_iter().filter(Received::is_token_request).collect();
    let capable = "%22xms_cc%22%3A%7B%22values%22%3A%5B%22cp1%22%5D%7D%7D%7D";
    assert!(
        token_requests[0].body.ends_with(&format!("&claims=%7B%22access_token%22%3A%7B{capable}")),
        "{}",
        token_requests[0].body
    );
    let nbf = "%22nbf%22%3A%7B%22value%22%3A%221%22%7D%2C";
    let claims = format!("&claims=%7B%22access_token%22%3A%7B{nbf}{capable}");
    assert!(token_requests[1].body.ends_with(&claims), "{}", token_requests[1].body);
    assert_eq!((once.calls().len(), once.token_requests()), (2, 2));
    assert_eq!((always.calls().len(), always.token_requests()), (2, 2));
    assert!(error.service().expect("a response").is_new_token);
}

/// A client with two auxiliary tenants.
fn multi_tenant(server: &Server) -> Client {
    let tenants = vec!["fabrikam.com".to_owned(), "tailspin.com".to_owned()];
    let settings = Settings {
        auxiliary_tenant_ids: Some(Setting::new(tenants, Source::argument("auxiliary_tenant_ids"))),
        ..secret()
    };
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");
    Client::new(server.http(), server.cloud(), credential, Correlation::disabled())
}

#[tokio::test]
async fn resource_manager_gets_tokens_of_auxiliary_tenants() {
    let server = Server::start(|request, _| match request.target.split('/').nth(1) {
        Some(tenant) if request.is_token_request() => Reply::token(&format!("of-{tenant}")),
        _ => ok(),
    })
    .await;
    let client = multi_tenant(&server);

    client.send(&get(), &deadline()).await.expect("a response");
    client.send(&get(), &deadline()).await.expect("a response");

    let calls: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_token_request()).collect();
    for call in &calls {
        let auxiliary = call.headers.get("x-ms-authorization-auxiliary").map(String::as_str);
        assert_eq!(auxiliary, Some("Bearer of-fabrikam.com, Bearer of-tailspin.com"));
        assert_eq!(call.headers["authorization"], "Bearer of-11111111-1111-1111-1111-111111111111");
    }
    assert_eq!((calls.len(), server.token_requests()), (2, 3), "one token request for each tenant");
}

#[tokio::test]
async fn other_services_get_no_tokens_of_auxiliary_tenants() {
    let server = Server::arm(|_, _| ok()).await;
    let client = multi_tenant(&server);
    let graph =
        client
            .of(&Service::new(EndpointKind::GRAPH, server.endpoint.as_str(), Some("https://graph.example"))
                .expect("a URL"));

    graph.send(&get(), &deadline()).await.expect("a response");

    let calls: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_token_request()).collect();
    assert!(!calls[0].headers.contains_key("x-ms-authorization-auxiliary"), "{:?}", calls[0].headers.keys());
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn error_of_an_auxiliary_tenant_names_its_setting() {
    let server = Server::start(|request, _| match request.target.contains("tailspin.com") {
        true => {
            Reply::text(400, r#"{"error":"unauthorized_client","error_description":"AADSTS90002: Tenant not found"}"#)
        }
        false => Reply::token("t"),
    })
    .await;

    let error = multi_tenant(&server).send(&get(), &deadline()).await.expect_err("no token");

    let Error::Authentication(error) = error else { panic!("{error}") };
    assert_eq!(error.origin.as_deref(), Some("the argument `auxiliary_tenant_ids`"));
    assert_eq!(error.identity.expect("an identity").tenant_id, "tailspin.com");
}

#[tokio::test(start_paused = true)]
async fn does_not_mark_a_rejected_token_without_renewal_as_new() {
    let server = after(|| Reply::error(401, "InvalidAuthenticationToken", "The access token is invalid."), 9).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("rejected");

    assert!(!error.service().expect("a response").is_new_token);
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn does_not_renew_a_token_after_a_missing_license() {
    let server = after(|| Reply::error(401, "InvalidLicense", "Missing consent"), 9).await;

    server.client().send(&get(), &deadline()).await.expect_err("rejected");

    assert_eq!((server.calls().len(), server.token_requests()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_one_token_request() {
    let server = after(ok, 0).await;
    let (client, deadline, request) = (server.client(), deadline(), get());

    let calls = futures_util::future::join_all((0..50).map(|_| client.send(&request, &deadline))).await;

    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(server.token_requests(), 1);
}
