//! Access tokens: when they are renewed, and for which tenants.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_renewed_once() {
    let expired = || Reply::error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier.");
    let (once, always) = (after(expired, 1).await, after(expired, 9).await);

    once.client().send(&get(), &deadline()).await.expect("an answer");
    let error = always.client().send(&get(), &deadline()).await.expect_err("refused");

    assert_eq!((once.calls().len(), once.logins()), (2, 2));
    assert_eq!(error.service().map(|error| error.status), Some(401));
    assert_eq!((always.calls().len(), always.logins()), (2, 2));
}

/// `{"access_token":{"nbf":{"value":"1"}}}`
const CLAIMS: &str = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0=";

fn claims_challenge() -> Reply {
    let challenge = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{CLAIMS}\"");
    Reply::error(401, "InvalidAuthenticationToken", "Continuous access evaluation resulted in a challenge.")
        .header("www-authenticate", &challenge)
}

#[tokio::test(start_paused = true)]
async fn a_claims_challenge_leads_to_one_token_with_these_claims() {
    let (once, always) = (after(claims_challenge, 1).await, after(claims_challenge, 9).await);

    once.client().send(&get(), &deadline()).await.expect("an answer");
    let error = always.client().send(&get(), &deadline()).await.expect_err("refused");

    let logins: Vec<Received> = once.seen().into_iter().filter(Received::is_login).collect();
    let capable = "%22xms_cc%22%3A%7B%22values%22%3A%5B%22cp1%22%5D%7D%7D%7D";
    assert!(logins[0].body.ends_with(&format!("&claims=%7B%22access_token%22%3A%7B{capable}")), "{}", logins[0].body);
    let nbf = "%22nbf%22%3A%7B%22value%22%3A%221%22%7D%2C";
    let claims = format!("&claims=%7B%22access_token%22%3A%7B{nbf}{capable}");
    assert!(logins[1].body.ends_with(&claims), "{}", logins[1].body);
    assert_eq!((once.calls().len(), once.logins()), (2, 2));
    assert_eq!((always.calls().len(), always.logins()), (2, 2));
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
async fn resource_manager_gets_a_token_of_each_auxiliary_tenant() {
    let server = Server::start(|request, _| match request.target.split('/').nth(1) {
        Some(tenant) if request.is_login() => Reply::token(&format!("of-{tenant}")),
        _ => ok(),
    })
    .await;
    let client = multi_tenant(&server);

    client.send(&get(), &deadline()).await.expect("an answer");
    client.send(&get(), &deadline()).await.expect("an answer");

    let calls: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_login()).collect();
    for call in &calls {
        let auxiliary = call.headers.get("x-ms-authorization-auxiliary").map(String::as_str);
        assert_eq!(auxiliary, Some("Bearer of-fabrikam.com, Bearer of-tailspin.com"));
        assert_eq!(call.headers["authorization"], "Bearer of-11111111-1111-1111-1111-111111111111");
    }
    assert_eq!((calls.len(), server.logins()), (2, 3), "each tenant is asked once");
}

#[tokio::test]
async fn another_service_gets_no_token_of_another_tenant() {
    let server = Server::arm(|_, _| ok()).await;
    let client = multi_tenant(&server);
    let graph =
        client.of(&Service::new("graph", server.endpoint.as_str(), Some("https://graph.example")).expect("a URL"));

    graph.send(&get(), &deadline()).await.expect("an answer");

    let calls: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_login()).collect();
    assert!(!calls[0].headers.contains_key("x-ms-authorization-auxiliary"), "{:?}", calls[0].headers.keys());
    assert_eq!(server.logins(), 1);
}

#[tokio::test]
async fn an_auxiliary_tenant_without_the_application_names_its_setting() {
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
    assert_eq!(error.identity.expect("a login").tenant_id, "tailspin.com");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_that_was_not_renewed_is_not_called_new() {
    let refused = after(|| Reply::error(401, "InvalidAuthenticationToken", "The access token is invalid."), 9).await;

    let error = refused.client().send(&get(), &deadline()).await.expect_err("refused");

    assert!(!error.service().expect("a response").is_new_token);
    assert_eq!(refused.logins(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_missing_licence_is_never_taken_for_an_expired_token() {
    let server = after(|| Reply::error(401, "InvalidLicense", "Missing consent"), 9).await;

    server.client().send(&get(), &deadline()).await.expect_err("refused");

    assert_eq!((server.calls().len(), server.logins()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn fifty_calls_at_once_log_in_once() {
    let server = after(ok, 0).await;
    let (client, deadline, request) = (server.client(), deadline(), get());

    let calls = futures_util::future::join_all((0..50).map(|_| client.send(&request, &deadline))).await;

    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(server.logins(), 1);
}
