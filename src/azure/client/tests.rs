//! The client against a real HTTPS server that answers with errors and broken connections.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::json;

use super::*;
use crate::azure::credential::{Setting, Settings, Source};
use crate::azure::error::TransportKind;
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

/// A server whose first answers are `first`, and then success.
async fn after(first: impl Fn() -> Reply + Send + Sync + 'static, times: usize) -> Server {
    Server::arm(move |_, before| if before < times { first() } else { ok() }).await
}

#[tokio::test(start_paused = true)]
async fn a_successful_call_is_one_request() {
    let server = after(ok, 0).await;

    let response = server.client().send(&get(), &deadline()).await.expect("an answer");

    assert_eq!(response.body, json!({"name": "g"}));
    assert!(!response.earlier_attempt_lost);
    assert_eq!(server.calls(), [format!("GET {PATH}?api-version=v")]);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_would_take_too_much_memory_is_refused_at_once() {
    let numbers = format!("[{}1]", "1,".repeat(600_000));
    let server = Server::arm(move |_, _| Reply::text(200, &numbers)).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("more than a document");

    assert!(matches!(&error, Error::InvalidResponse { cause, .. } if cause.contains("larger than")), "{error}");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_without_end_is_reported_with_its_pages_and_its_whole_time() {
    let pages = AtomicUsize::new(0);
    let server = Server::arm(move |_, _| {
        let link = format!("{PATH}?page={}", pages.fetch_add(1, Ordering::SeqCst));
        Reply::json(200, &json!({"value": [1], "nextLink": link}))
    })
    .await;
    let short = Deadline::lasting(Duration::from_millis(300));
    tokio::time::resume();

    let error = server.client().list(&get(), &short).await.expect_err("no end");

    let Error::TimedOut { last: Some(last), waited, .. } = error else { panic!("{error}") };
    assert!(waited >= Duration::from_millis(250), "{waited:?}");
    assert!(last.to_string().contains("pages so far"), "{last}");
}

#[tokio::test(start_paused = true)]
async fn every_request_carries_token_user_agent_and_ids() {
    let server = after(|| Reply::error(503, "Busy", "later"), 1).await;

    server.client().send(&get(), &deadline()).await.expect("an answer");

    let seen: Vec<Received> = server.seen().into_iter().filter(|request| !request.is_login()).collect();
    let (first, second) = (&seen[0].headers, &seen[1].headers);
    assert_eq!(first["authorization"], "Bearer token-0");
    assert!(first["user-agent"].contains("terraform-provider-sentinel/"));
    assert_eq!(first["x-ms-correlation-request-id"], "run-1");
    assert_eq!(first["x-ms-client-request-id"], second["x-ms-client-request-id"]);
}

#[tokio::test(start_paused = true)]
async fn throttling_and_server_errors_are_retried() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = after(move || Reply::error(status, "Passing", "later"), 2).await;

        server.client().send(&get(), &deadline()).await.expect("an answer");

        assert_eq!(server.calls().len(), 3, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once_and_says_until_when() {
    let throttled = || Reply::json(429, &json!({"error": {"code": "TooManyRequests", "message": "slow"}}));
    let server = after(move || throttled().header("retry-after", "307"), 9).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("throttled");

    assert!(matches!(error, Error::Throttled { .. }), "{error}");
    assert!(error.to_string().starts_with("throttled until "), "{error}");
    assert_eq!(error.service().and_then(|error| error.code.as_deref()), Some("TooManyRequests"));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_reported_with_its_ids() {
    let refuse = || Reply::error(403, "AuthorizationFailed", "no right").header("x-ms-request-id", "r-1");
    let server = after(refuse, 9).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("refused");

    let service = error.service().expect("Azure's answer");
    assert_eq!((service.status, service.code.as_deref()), (403, Some("AuthorizationFailed")));
    assert_eq!(service.correlation_id.as_deref(), Some("run-1"));
    assert_eq!(service.request_id.as_deref(), Some("r-1"));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_missing_resource_is_none_but_a_404_of_a_proxy_is_an_error() {
    let absent = after(|| Reply::error(404, "ResourceNotFound", "gone"), 9).await;
    let proxy = after(|| Reply::text(404, "<html>Not Found</html>"), 9).await;

    assert!(absent.client().get_optional(&get(), &deadline()).await.expect("no error").is_none());
    assert!(proxy.client().get_optional(&get(), &deadline()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_read_whose_response_is_lost_is_repeated() {
    for lost in [
        || Reply::Disconnect,
        || Reply::Truncated { body: b"{\"na".to_vec(), promised: 100 },
        || Reply::text(200, "{\"name\": "),
        || Reply::text(200, ""),
    ] {
        let server = after(lost, 1).await;

        let response = server.client().send(&get(), &deadline()).await.expect("an answer");

        assert_eq!(response.body, json!({"name": "g"}));
        assert_eq!(server.calls().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_response_is_lost_is_repeated_and_marked_as_such() {
    let server = after(|| Reply::text(200, "{\"name\": "), 1).await;

    let response = server.client().send(&put(), &deadline()).await.expect("an answer");

    assert!(response.earlier_attempt_lost);
    assert_eq!(server.seen().last().expect("a request").body, r#"{"n":1}"#);
}

#[tokio::test(start_paused = true)]
async fn an_error_after_a_lost_response_is_marked_too() {
    let server = Server::arm(|_, before| match before {
        0 => Reply::Disconnect,
        _ => Reply::error(412, "PreconditionFailed", "etag"),
    })
    .await;

    let error = server.client().send(&put(), &deadline()).await.expect_err("refused");

    assert!(error.is_etag_conflict());
    assert!(error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_failed_login_after_a_lost_response_is_marked_too() {
    let server = Server::start(|request, before| match (request.is_login(), before) {
        (true, 0) => Reply::json(200, &json!({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})),
        (true, _) => Reply::json(400, &json!({"error": "invalid_client", "error_description": "AADSTS7000222: over."})),
        (false, 0) => Reply::Disconnect,
        (false, _) => Reply::error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier."),
    })
    .await;

    let error = server.client().send(&put(), &deadline()).await.expect_err("no token");

    assert!(matches!(&error, Error::Unconfirmed { last } if matches!(**last, Error::Authentication(_))), "{error}");
    assert!(error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_post_whose_response_is_lost_is_not_repeated() {
    let server = after(|| Reply::Disconnect, 9).await;

    let error = server.client().send(&post(), &deadline()).await.expect_err("lost");

    assert!(matches!(error, Error::Transport { kind: TransportKind::Interrupted, .. }), "{error}");
    assert!(error.outcome_unknown());
    assert_eq!(server.calls().len(), 1);
}

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
    assert_eq!(error.argument.as_deref(), Some("the argument `auxiliary_tenant_ids`"));
    assert_eq!(error.login.expect("a login").tenant_id, "tailspin.com");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_that_was_not_renewed_is_not_called_new() {
    let refused = after(|| Reply::error(401, "InvalidAuthenticationToken", "The access token is invalid."), 9).await;

    let error = refused.client().send(&get(), &deadline()).await.expect_err("refused");

    assert!(!error.service().expect("a response").is_new_token);
    assert_eq!(refused.logins(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_date_of_a_service_with_another_clock_is_read_correctly() {
    let throttled = || {
        Reply::json(429, &json!({"error": {"code": "TooManyRequests", "message": "slow"}}))
            .header("date", "Sun, 06 Nov 2044 09:00:00 GMT")
            .header("retry-after", "Sun, 06 Nov 2044 09:00:07 GMT")
    };
    let server = after(throttled, 1).await;
    let started = Instant::now();

    server.client().send(&get(), &deadline()).await.expect("an answer");

    assert!((7..10).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
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

#[tokio::test(start_paused = true)]
async fn cancelling_ends_a_call_that_hangs_and_says_that_a_write_may_have_happened() {
    let server = after(|| Reply::Hang, 9).await;
    let (client, deadline) = (server.client(), deadline());
    client.credential().token(&client.service().scope(), &deadline).await.expect("a token");

    let cancel = async {
        while server.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        deadline.cancellation.cancel();
    };
    let request = put();
    let (outcome, ()) = tokio::join!(client.send(&request, &deadline), cancel);

    assert!(matches!(outcome, Err(Error::Cancelled { outcome_unknown: true })));
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_a_wait() {
    let busy = || Reply::json(429, &json!({"error": {"code": "Busy", "message": "m"}})).header("retry-after", "20");
    let server = after(busy, 9).await;
    let (client, deadline) = (server.client(), deadline());

    let cancel = async {
        while server.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        deadline.cancellation.cancel();
    };
    let request = put();
    let (outcome, ()) = tokio::join!(client.send(&request, &deadline), cancel);

    assert!(matches!(outcome, Err(Error::Cancelled { outcome_unknown: false })));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_call_and_the_error_keeps_the_last_response() {
    let server = Server::arm(|_, before| match before {
        0 => Reply::error(503, "Busy", "the reason"),
        _ => Reply::Hang,
    })
    .await;

    let error = server.client().send(&get(), &Deadline::lasting(Duration::from_secs(1))).await.expect_err("too slow");

    assert!(matches!(error, Error::TimedOut { last: Some(_), .. }), "{error}");
    assert!(error.to_string().contains("the reason"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_list_is_read_over_all_its_pages() {
    let server = Server::arm(|request, _| {
        let host = &request.headers["host"];
        if request.target.contains("skipToken") {
            Reply::json(200, &json!({"value": [3]}))
        } else {
            let next = format!("https://{host}{PATH}?api-version=v&$skipToken=a%2Bb");
            Reply::json(200, &json!({"value": [1, 2], "nextLink": next}))
        }
    })
    .await;

    let items = server.client().list(&get(), &deadline()).await.expect("a list");

    assert_eq!(items, [json!(1), json!(2), json!(3)]);
    assert_eq!(server.calls()[1], format!("GET {PATH}?api-version=v&$skipToken=a%2Bb"));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_leads_to_another_host_ends_without_a_request_there() {
    let foreign = Server::arm(|_, _| ok()).await;
    let link = foreign.endpoint.join("/steal").expect("an address").to_string();
    let server = Server::arm(move |_, _| Reply::json(200, &json!({"value": [1], "nextLink": link.clone()}))).await;

    let error = server.client().list(&get(), &deadline()).await.expect_err("refused");

    assert!(matches!(error, Error::ForeignHost { .. }), "{error}");
    assert!(foreign.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn other_services_get_their_own_tokens_and_the_same_retries() {
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
    let credential = Credential::select(&secret(), &cloud, server.http()).expect("a login");
    let arm = Client::new(server.http(), cloud, credential, Correlation::given("run-1"));

    for (client, path) in [
        (arm.log_analytics().expect("a service"), "/logs/v1/workspaces/w/query"),
        (arm.graph().expect("a service"), "/graph/v1.0/organization"),
    ] {
        let own = path.trim_start_matches(client.service().endpoint().path());
        client.send(&Request::new(Method::GET, own), &deadline()).await.expect("an answer");

        let seen = server.seen();
        let login = seen.iter().rfind(|request| request.is_login()).expect("a login");
        let audience = format!("{}%2F.default", &client.service().endpoint().path()[1..]);
        assert!(login.body.contains(&audience), "{}", login.body);
        assert_eq!(server.calls().iter().filter(|call| **call == format!("GET {path}")).count(), 2);
        assert_eq!(seen.last().expect("a request").headers["x-ms-correlation-request-id"], "run-1");
    }
    assert_eq!(server.logins(), 2, "one token for each audience");
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    let foreign = Server::arm(|_, _| ok()).await;
    let link = foreign.endpoint.to_string();
    let server = Server::arm(move |_, _| Reply::text(307, "").header("location", &link)).await;

    let error = server.client().send(&get(), &deadline()).await.expect_err("not an answer");

    assert_eq!(error.service().map(|error| error.status), Some(307));
    assert!(foreign.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn numbers_unknown_fields_and_a_byte_order_mark_are_read_correctly() {
    let document = "\u{feff}{\"z\":1.10,\"a\":{\"unknown\":12345678901234567890123}}";
    let server = Server::arm(move |_, _| Reply::text(200, document)).await;

    let response = server.client().send(&get(), &deadline()).await.expect("an answer");

    assert_eq!(response.body.to_string(), document.trim_start_matches('\u{feff}'));
}

#[tokio::test(start_paused = true)]
async fn the_log_names_the_call_but_no_secret_no_token_no_query_and_no_body() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer({
            let log = log.clone();
            move || log.clone()
        })
        .finish();
    // With only one subscriber, tracing decides for all threads by the first thread that reaches an event. A thread of
    // another test, which has no subscriber, would then disable the log of this one.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = after(|| Reply::error(503, "Busy", "later").header("x-ms-request-id", "r-1"), 1).await;
    let request = Request::put(PATH, "v", json!({"password": "in-the-body"})).query("sig", "in-the-query");
    // A thread may have decided just before the second subscriber was there.
    tracing::callsite::rebuild_interest_cache();

    server.client().send(&request, &deadline()).await.expect("an answer");

    let log = String::from_utf8_lossy(&log.0.lock().expect("not poisoned")).into_owned();
    let own: Vec<&str> = log.lines().filter(|line| line.contains("azure::http")).collect();
    assert!(own[0].contains(PATH) && own[0].contains("503") && own[0].contains("r-1"), "{own:?}");
    assert!(own.iter().all(|line| !line.contains("in-the-query")), "{own:?}");
    for secret in ["the-secret-itself", "token-0", "in-the-body"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
