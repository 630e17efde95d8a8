//! Tests of managed identities with a server instead of their endpoints.

use serde_json::json;

use super::endpoint::UPDATE_PERIOD;
use super::*;
use crate::azure::cloud::Cloud;
use crate::azure::credential::{Credential, IdentityHost};
use crate::azure::deadline::Deadline;
use crate::azure::error::Error;
use crate::azure::testing::{Reply, Server, deadline};

const SCOPE: &str = "https://management.azure.com/.default";
const RESOURCE: &str = "resource=https%3A%2F%2Fmanagement.azure.com";
const RESOURCE_ID: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

fn argument<T>(value: T, name: &str) -> Option<Setting<T>> {
    Some(Setting::new(value, Source::argument(name)))
}

fn variable<T>(value: T, name: &str) -> Option<Setting<T>> {
    Some(Setting::new(value, Source::variable(name)))
}

/// `use_msi` with an endpoint in the provider block.
fn at(endpoint: &str) -> Settings {
    Settings {
        use_msi: argument(true, "use_msi"),
        msi_endpoint: argument(endpoint.to_owned(), "msi_endpoint"),
        use_cli: argument(false, "use_cli"),
        ..Settings::default()
    }
}

/// `use_msi` with an endpoint in the environment.
fn on(endpoint: &str, header: Option<&str>, has_imds_endpoint: bool) -> Settings {
    let identity_host = IdentityHost {
        endpoint: variable(endpoint.to_owned(), "IDENTITY_ENDPOINT"),
        header: header.and_then(|header| variable(header.into(), "IDENTITY_HEADER")),
        has_imds_endpoint,
        has_arc_agent: false,
        is_service_fabric: false,
    };
    Settings { msi_endpoint: None, identity_host, ..at("") }
}

fn path(server: &Server, path: &str) -> String {
    server.endpoint.join(path).expect("a URL").to_string()
}

fn token() -> Reply {
    Reply::json(200, &json!({"access_token": "t", "expires_on": "4102444800", "token_type": "Bearer"}))
}

async fn authenticate(settings: &Settings, server: &Server) -> Result<(), AuthenticationError> {
    let credential = Credential::select(settings, &server.cloud(), server.http()).expect("a method");
    assert_eq!(credential.method(), "managed identity");
    match credential.token(SCOPE, &deadline()).await {
        Ok(token) => {
            assert_eq!(token.expose(), "t");
            Ok(())
        }
        Err(Error::Authentication(error)) => Err(*error),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn sends_the_request_that_each_host_expects() {
    let server = Server::start(|_, _| token()).await;
    let (vm, app) = (path(&server, "/metadata/identity/oauth2/token"), path(&server, "/msi/token"));
    let client = argument("c-1".to_owned(), "client_id");
    let resource_id = argument(RESOURCE_ID.to_owned(), "client_id");
    let version = argument("2021-02-01".to_owned(), "msi_api_version");
    let encoded = "%2Fsubscriptions%2Fs%2FresourceGroups%2Fg%2Fproviders%2FMicrosoft.ManagedIdentity%2FuserAssignedIdentities%2Fi";
    let imds = "/metadata/identity/oauth2/token?api-version=2018-02-01";
    for (settings, target) in [
        (at(&vm), format!("{imds}&{RESOURCE}")),
        (Settings { client_id: client.clone(), ..at(&vm) }, format!("{imds}&{RESOURCE}&client_id=c-1")),
        (Settings { client_id: resource_id.clone(), ..at(&vm) }, format!("{imds}&{RESOURCE}&msi_res_id={encoded}")),
        (
            Settings { msi_api_version: version, ..at(&vm) },
            format!("/metadata/identity/oauth2/token?api-version=2021-02-01&{RESOURCE}"),
        ),
        (
            on(&app, Some("header-of-the-app"), false),
            format!("/msi/token?api-version=2019-08-01&{RESOURCE}&xms_cc=cp1"),
        ),
        (
            Settings { client_id: resource_id, ..on(&app, Some("header-of-the-app"), false) },
            format!("/msi/token?api-version=2019-08-01&{RESOURCE}&mi_res_id={encoded}&xms_cc=cp1"),
        ),
        // As in azurerm's documentation for Container Apps.
        (
            Settings {
                msi_endpoint: argument(app.clone(), "msi_endpoint"),
                ..on(&app, Some("header-of-the-app"), false)
            },
            format!("/msi/token?api-version=2019-08-01&{RESOURCE}&xms_cc=cp1"),
        ),
    ] {
        authenticate(&settings, &server).await.expect("a token");

        let seen = server.seen().pop().expect("a request");
        assert_eq!((seen.method.as_str(), &seen.target), ("GET", &target));
        let is_app = target.starts_with("/msi/");
        assert_eq!(seen.headers.get("x-identity-header").map(String::as_str), is_app.then_some("header-of-the-app"));
        assert_eq!(seen.headers.get("metadata").map(String::as_str), (!is_app).then_some("true"));
    }
}

#[tokio::test]
async fn azure_client_id_selects_no_user_assigned_identity() {
    let server = Server::start(|_, _| token()).await;
    for (name, is_sent) in [("ARM_CLIENT_ID", true), ("AZURE_CLIENT_ID", false)] {
        let client_id = variable("c-1".to_owned(), name);
        let settings = Settings { client_id, ..at(&path(&server, "/token")) };

        authenticate(&settings, &server).await.expect("a token");

        let target = server.seen().pop().expect("a request").target;
        assert_eq!(target.contains("client_id=c-1"), is_sent, "{name}: {target}");
    }
}

#[test]
fn installed_azure_arc_agent_is_the_default_endpoint() {
    let agent = IdentityHost { has_arc_agent: true, ..IdentityHost::default() };
    let chosen = |settings: Settings| Endpoint::choose(&settings).expect("an endpoint");
    let arc = chosen(Settings { msi_endpoint: None, identity_host: agent.clone(), ..at("") });
    let given = chosen(Settings { identity_host: agent, ..at("http://other.example/token") });

    assert!(matches!(arc.host, Host::Arc { .. }), "{arc:?}");
    assert_eq!(arc.url.as_str(), "http://127.0.0.1:40342/metadata/identity/oauth2/token");
    assert!(matches!(given.host, Host::VirtualMachine), "{given:?}");
}

#[tokio::test]
async fn sends_the_hash_of_a_revoked_token_to_app_service() {
    let server = Server::start(|_, _| token()).await;
    let app = on(&path(&server, "/msi/token"), Some("header-of-the-app"), false);
    let vm = at(&path(&server, "/metadata/identity/oauth2/token"));
    // echo -n t | sha256sum
    let hash = "e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8";
    for (settings, claims, is_named) in [(&app, Some("{}"), true), (&app, None, false), (&vm, Some("{}"), false)] {
        let credential = Credential::select(settings, &server.cloud(), server.http()).expect("a method");
        let revoked = credential.token(SCOPE, &deadline()).await.expect("a token");

        credential.reject(SCOPE, &revoked, &[], claims);
        credential.token(SCOPE, &deadline()).await.expect("a token");

        let target = server.seen().pop().expect("a request").target;
        assert_eq!(target.contains(&format!("&token_sha256_to_refresh={hash}")), is_named, "{target}");
    }
    assert_eq!(server.seen().len(), 6, "the cache does not return the rejected token");
}

#[tokio::test]
async fn responds_to_the_challenge_of_azure_arc_with_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("1.key");
    std::fs::write(&file, "key-of-the-agent").expect("a file");
    let challenge = format!("Basic realm={}", file.display());
    let server = Server::start(move |request, _| match request.headers.get("authorization").map(String::as_str) {
        Some("Basic key-of-the-agent") => token(),
        _ => Reply::text(401, "").header("www-authenticate", &challenge),
    })
    .await;
    let settings = on(&path(&server, "/metadata/identity/oauth2/token"), None, true);
    let Availability::Available { mut method, .. } = ManagedIdentity::from_settings(&settings) else {
        panic!("it is configured")
    };
    let Host::Arc { keys } = &mut method.endpoint.host else { panic!("{method:?}") };
    *keys = folder.path().to_owned();
    let entra = Entra::new(server.http(), server.endpoint.clone());

    let request = TokenRequest { scope: SCOPE, tenant: None, rejected: None };
    let token = method.fetch(request, &entra).await.expect("a token");
    std::fs::remove_file(&file).expect("it is there");
    let unreadable = method.fetch(request, &entra).await.expect_err("no key");

    assert_eq!(token.expose(), "t");
    assert!(server.seen()[0].target.contains("api-version=2020-06-01"));
    assert!(unreadable.to_string().contains("member of the group himds"), "{unreadable}");
}

#[tokio::test]
async fn rejects_an_azure_arc_challenge_with_another_file() {
    let server =
        Server::start(|_, _| Reply::text(401, "").header("www-authenticate", "Basic realm=/etc/hostname")).await;
    let settings = on(&path(&server, "/token"), None, true);

    let error = authenticate(&settings, &server).await.expect_err("rejected");
    let user_assigned = Settings { client_id: argument("c-1".to_owned(), "client_id"), ..settings };
    let no_identity = authenticate(&user_assigned, &server).await.expect_err("rejected");

    assert!(error.to_string().contains("is not a key in the folder"), "{error}");
    assert!(no_identity.to_string().contains("only the system-assigned identity"), "{no_identity}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn error_names_the_identity_or_the_endpoint() {
    let rejected = || Reply::json(400, &json!({"error": "invalid_request", "error_description": "Identity not found"}));
    let unauthorized = || Reply::json(401, &json!({"error": "unauthorized", "error_description": "No header"}));
    for (client, reply, argument, cause) in [
        (true, rejected as fn() -> Reply, "the argument `client_id`", "Identity not found"),
        (false, rejected, "the argument `msi_endpoint`", "Identity not found"),
        (true, unauthorized, "the argument `msi_endpoint`", "No header"),
        (false, || Reply::text(200, "<html>"), "the argument `msi_endpoint`", "it is not JSON"),
        (
            false,
            || Reply::json(200, &json!({"access_token": ""})),
            "the argument `msi_endpoint`",
            "access_token is empty",
        ),
    ] {
        let server = Server::start(move |_, _| reply()).await;
        let client_id = client.then(|| Setting::new("c-1".to_owned(), Source::argument("client_id")));
        let settings = Settings { client_id, ..at(&path(&server, "/token")) };

        let error = authenticate(&settings, &server).await.expect_err("no token");

        assert_eq!(error.origin.as_deref(), Some(argument), "{error}");
        assert!(error.to_string().contains(cause), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_virtual_machine_endpoint_that_is_being_updated() {
    let started = tokio::time::Instant::now();
    let server = Server::start(move |_, before| match (before, started.elapsed().as_secs()) {
        (0, _) => Reply::text(404, ""),
        (1, _) => Reply::text(429, "").header("retry-after", "25"),
        (_, 0..70) => Reply::text(410, ""),
        _ => token(),
    })
    .await;

    let settings = at(&path(&server, "/token"));
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");
    credential.token(SCOPE, &Deadline::lasting(2 * UPDATE_PERIOD)).await.expect("a token");

    assert!(started.elapsed() < UPDATE_PERIOD, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn stops_retrying_other_endpoints_after_twenty_seconds() {
    let started = tokio::time::Instant::now();
    let server = Server::start(|_, _| Reply::text(503, "")).await;

    let error = authenticate(&on(&path(&server, "/token"), Some("header-of-the-app"), false), &server).await;

    assert!(error.expect_err("no token").to_string().contains("status 503"));
    assert_eq!(started.elapsed().as_secs(), 20);
}

#[test]
fn reports_unsupported_hosts_and_malformed_endpoints() {
    let mut fabric = on("https://localhost:2377/token", Some("h"), false);
    fabric.identity_host.is_service_fabric = true;
    for (settings, expected) in [
        (fabric, "Service Fabric are not supported"),
        (on("localhost", Some("h"), false), "\"localhost\" is not a URL"),
    ] {
        let http = crate::azure::http::Http::new(&crate::azure::user_agent::UserAgent::default());
        let error = Credential::select(&settings, &Cloud::public(), http).expect_err("no method").to_string();
        assert!(error.contains(expected), "{error}");
    }
}
