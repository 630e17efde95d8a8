//! Tests of authentication with a real HTTPS server instead of Microsoft Entra.

mod long_run;
mod pipelines;

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::azure::error::{AuthenticationError, AuthenticationProblem, TransportKind};
use crate::azure::testing::{Reply, Server, deadline, jwt, secret};

const SCOPE: &str = "https://management.azure.com/.default";

fn select(settings: &Settings, server: &Server) -> Credential {
    Credential::select(settings, &server.cloud(), server.http()).expect("a method")
}

async fn rejected(settings: &Settings, reply: fn() -> Reply) -> AuthenticationError {
    let server = Server::start(move |_, _| reply()).await;
    match select(settings, &server).token(SCOPE, &deadline()).await {
        Err(Error::Authentication(error)) => *error,
        other => panic!("expected a rejection: {other:?}"),
    }
}

fn entra(description: &str) -> Reply {
    Reply::json(401, &json!({"error": "invalid_client", "error_description": description}))
}

#[tokio::test]
async fn requests_a_token_with_a_client_secret() {
    let server = Server::start(|_, _| Reply::token("t")).await;

    let token = select(&secret(), &server).token(SCOPE, &deadline()).await.expect("a token");

    let seen = server.seen();
    assert_eq!(token.expose(), "t");
    assert_eq!(seen[0].target, "/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token");
    assert!(seen[0].body.contains("client_secret=the-secret-itself"));
    assert!(seen[0].body.contains("grant_type=client_credentials"));
}

#[tokio::test]
async fn reports_a_wrong_secret_without_repeating_it() {
    let error = rejected(&secret(), || {
        entra("AADSTS7000215: Invalid client secret \"provided\".\r\nTrace ID: 1 Timestamp: 2 the-secret-itself")
    })
    .await;

    assert_eq!(error.code(), Some("AADSTS7000215"));
    assert_eq!(error.origin.as_deref(), Some("the argument `client_secret`"));
    assert!(error.to_string().starts_with(
        "authentication with the client secret failed: AADSTS7000215: Invalid client secret \"provided\". (127.0.0.1:"
    ));
    assert!(!format!("{error:?}").contains("the-secret-itself"));
}

#[tokio::test]
async fn names_the_setting_of_a_wrong_tenant_or_application() {
    let tenant = rejected(&secret(), || entra("AADSTS90002: Tenant 'x' not found.")).await;
    let client = rejected(&secret(), || entra("AADSTS700016: Application 'x' was not found.")).await;

    assert_eq!(tenant.origin.as_deref(), Some("the argument `tenant_id`"));
    assert_eq!(client.origin.as_deref(), Some("the argument `client_id`"));
}

#[tokio::test]
async fn reports_a_proxy_page_instead_of_a_token() {
    let error = rejected(&secret(), || Reply::text(403, "<html>blocked the-secret-itself</html>")).await;

    let AuthenticationProblem::Rejected { status, message, .. } = error.problem else { panic!("{error:?}") };
    assert_eq!(status, Some(403));
    assert_eq!(message, "the response is not JSON, it may come from a proxy: blocked (secret)");
}

#[tokio::test]
async fn reads_a_secret_file_at_each_token_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    let source = Source::variable("ARM_CLIENT_SECRET_FILE_PATH");
    let path = SecretSource::File(Setting::new(file.display().to_string(), source.clone()));
    let settings = Settings { client_secret: Some(path), ..secret() };
    let server = Server::start(|_, _| Reply::token("t")).await;
    let credential = select(&settings, &server);

    let missing = credential.token(SCOPE, &deadline()).await.expect_err("no file");
    std::fs::write(&file, "from-file\n").expect("a file");
    credential.token(SCOPE, &deadline()).await.expect("a token");

    let Error::Authentication(missing) = missing else { panic!("{missing:?}") };
    assert_eq!(missing.origin, Some(source.to_string()));
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
    assert!(server.seen()[0].body.contains("client_secret=from-file&"));
}

/// An OIDC token with this subject.
fn oidc_token(subject: &str) -> String {
    jwt(&json!({"iss": "https://issuer.example", "sub": subject, "aud": "api://AzureADTokenExchange"}))
}

/// Settings for authentication with an OIDC token.
fn oidc(token: &str) -> Settings {
    Settings {
        client_secret: None,
        use_oidc: Some(Setting::new(true, Source::argument("use_oidc"))),
        oidc_token: Some(SecretSource::Value(Setting::new(token.into(), Source::argument("oidc_token")))),
        ..secret()
    }
}

/// Settings of a pipeline that requests its token from this server.
fn pipeline(server: &Server, path: &str) -> Settings {
    Settings {
        client_secret: None,
        use_oidc: Some(Setting::new(true, Source::argument("use_oidc"))),
        oidc_request_url: Some(Setting::new(
            server.endpoint.join(path).expect("a URL").to_string(),
            Source::variable("ARM_OIDC_REQUEST_URL"),
        )),
        oidc_request_token: Some(Setting::new(
            "request-token-of-the-job".into(),
            Source::variable("ARM_OIDC_REQUEST_TOKEN"),
        )),
        ..secret()
    }
}

#[tokio::test]
async fn federation_error_contains_the_claims_of_the_token() {
    let token = oidc_token("repo:Contoso/soc");

    let error = rejected(&oidc(&token), || entra("AADSTS7002138: The subject matches with case-insensitive …")).await;

    assert_eq!(error.origin.as_deref(), Some("the argument `oidc_token`"));
    let claims = error.identity.as_ref().and_then(|identity| identity.assertion.as_ref()).expect("the claims");
    assert_eq!(claims.subject, "repo:Contoso/soc");
    assert!(!format!("{error:?}").contains(&token));
}

#[tokio::test]
async fn does_not_follow_redirects_of_token_endpoints() {
    for status in [301, 302, 303, 307, 308] {
        let foreign = Server::start(|_, _| Reply::token("t")).await;
        let elsewhere = foreign.endpoint.join("/oauth2/v2.0/token").expect("a URL").to_string();
        let server = Server::start(move |_, _| Reply::text(status, "").header("location", &elsewhere)).await;

        for settings in [secret(), oidc(&oidc_token("repo:contoso/soc")), pipeline(&server, "/idtoken")] {
            select(&settings, &server).token(SCOPE, &deadline()).await.expect_err("no token");
        }

        assert!(foreign.seen().is_empty(), "status {status}");
    }
}

#[tokio::test]
async fn rejects_a_malformed_oidc_token_without_a_request() {
    let server = Server::start(|_, _| Reply::token("t")).await;

    for text in ["<html>Bad Gateway</html>", "{\"value\": null}", "a-secret-of-another-kind"] {
        let error = select(&oidc(text), &server).token(SCOPE, &deadline()).await.expect_err("no token");

        let Error::Authentication(error) = error else { panic!("{error:?}") };
        assert!(error.to_string().contains("is not a JSON Web Token") && !error.to_string().contains(text), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn reports_an_unusable_token_response_without_repeating_it() {
    for body in [r#"{"expires_in": 3600}"#, r#"{"access_token": "", "expires_in": 3600}"#, "<html>Welcome</html>"] {
        let server = Server::start(move |_, _| Reply::text(200, body)).await;

        let error = select(&secret(), &server).token(SCOPE, &deadline()).await.expect_err("no token");

        let Error::Authentication(error) = error else { panic!("{error:?}") };
        assert!(matches!(error.problem, AuthenticationProblem::Unusable { status: 200, .. }), "{error:?}");
        assert_eq!(server.token_requests(), 1, "{body}");
    }
}

#[tokio::test]
async fn limits_the_size_of_a_token_response() {
    let large = format!("{{\"access_token\": \"{}\"}}", "t".repeat(3 * 1024 * 1024));
    let server = Server::start(move |_, _| Reply::text(200, &large)).await;

    let error = select(&secret(), &server).token(SCOPE, &deadline()).await.expect_err("too large");

    assert!(error.to_string().contains("larger than any response with a token"), "{error}");
}

#[tokio::test]
async fn excessive_lifetime_does_not_panic() {
    let reply = || Reply::text(200, r#"{"access_token": "t", "expires_in": 9223372036854775807}"#);
    let server = Server::start(move |_, _| reply()).await;

    let token = select(&secret(), &server).token(SCOPE, &deadline()).await.expect("a token");

    assert_eq!(token.expose(), "t");
}

#[tokio::test]
async fn reads_an_oidc_token_file_at_each_token_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    let settings = Settings {
        client_secret: None,
        use_oidc: Some(Setting::new(true, Source::argument("use_oidc"))),
        oidc_token: Some(SecretSource::File(Setting::new(
            file.display().to_string(),
            Source::argument("oidc_token_file_path"),
        ))),
        ..secret()
    };
    let server = Server::start(|_, before| Reply::token(&format!("t{before}"))).await;
    let credential = select(&settings, &server);

    let (first, second) = (oidc_token("first"), oidc_token("second"));
    for jwt in [&first, &second] {
        std::fs::write(&file, jwt).expect("a file");
        let token = credential.token(SCOPE, &deadline()).await.expect("a token");
        credential.reject(SCOPE, &token, &[], None);
    }

    let seen = server.seen();
    assert!(seen[0].body.contains(&format!("client_assertion={first}&")), "{}", seen[0].body);
    assert!(seen[1].body.contains(&format!("client_assertion={second}&")), "{}", seen[1].body);
}

#[tokio::test(start_paused = true)]
async fn reports_an_unreachable_authority_within_seconds() {
    let server = Server::start(|_, _| Reply::token("t")).await;
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let nowhere = format!("https://127.0.0.1:{port}");
    let cloud = Cloud::custom(&nowhere, &nowhere, None).expect("a cloud");
    let credential = Credential::select(&secret(), &cloud, server.http()).expect("a method");

    let started = Instant::now();
    let error = credential.token(SCOPE, &deadline()).await.expect_err("no server");

    let Error::Authentication(error) = error else { panic!("{error:?}") };
    let AuthenticationProblem::Unreachable { host, kind, cause } = &error.problem else { panic!("{error:?}") };
    assert_eq!((host.as_str(), *kind), (format!("127.0.0.1:{port}").as_str(), TransportKind::Connect));
    assert!(cause.to_ascii_lowercase().contains("connection refused"), "{cause}");
    assert!(started.elapsed() < Duration::from_secs(16), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn limits_the_wait_for_a_throttled_token_request() {
    for (asked, requests) in [("9", 2), ("600", 1)] {
        let server = Server::start(move |_, before| match before {
            0 => Reply::json(429, &json!({"error_description": "AADSTS7000113: Too many requests."}))
                .header("retry-after", asked),
            _ => Reply::token("t"),
        })
        .await;

        let outcome = select(&secret(), &server).token(SCOPE, &deadline()).await;

        assert_eq!(server.token_requests(), requests);
        match outcome {
            Ok(_) => assert_eq!(asked, "9"),
            Err(error) => {
                assert!(
                    error.to_string().contains("AADSTS7000113: Too many requests. Try again in 10 min."),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_token_request_ends_at_the_deadline() {
    let server = Server::start(|_, _| Reply::Hang).await;

    let outcome = select(&secret(), &server).token(SCOPE, &Deadline::lasting(Duration::from_millis(300))).await;

    assert!(matches!(outcome, Err(Error::TimedOut { .. })));
}

#[tokio::test]
async fn error_lists_the_unused_methods() {
    let error = rejected(&secret(), || entra("AADSTS7000222: expired")).await;

    assert!(error.unused.iter().any(|other| other.method == "managed identity"));
}
