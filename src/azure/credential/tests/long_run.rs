//! Tests of a run that outlasts its tokens, with a simulated Azure and simulated time.

use std::time::SystemTime;

use azure_simulator::{Simulator, World};
use reqwest::{Certificate, Method};

use super::*;
use crate::azure::{Client, Correlation, Request};

const MINUTE: Duration = Duration::from_secs(60);

/// The lifetime of an access token. It is renewed when five minutes remain.
const ACCESS_TOKEN_MINUTES: u64 = 10;

/// A simulated Azure with a job of GitHub Actions and a job of Azure DevOps.
async fn azure() -> Simulator {
    let mut world = World::default();
    let mut application = world.to_value()["world"]["applications"][0].clone();
    application["federated_credentials"].as_array_mut().expect("a list").push(json!({
        "issuer": "https://vstoken.dev.azure.com/contoso", "subject": "sc://contoso/soc/azure",
        "audience": "api://AzureADTokenExchange",
    }));
    world.patch(json!({
        "behaviors": {"token_lifetime_seconds": ACCESS_TOKEN_MINUTES * 60},
        "applications": [application],
        "pipelines": [
            {"kind": "GitHub", "owner": "contoso", "request_token": "request-token-of-the-job",
             "subject": "repo:contoso/soc:ref:refs/heads/main"},
            {"kind": "AzureDevOps", "access_token": "request-token-of-the-job",
             "issuer": "https://vstoken.dev.azure.com/contoso",
             "service_connections": [{"id": "7b1c", "subject": "sc://contoso/soc/azure"}]},
        ],
    }));
    Simulator::start(world).await.expect("a simulator")
}

/// Sends a request each minute for an hour. `prepare` runs before each request with the time since the start.
async fn an_hour_of_requests(azure: &Simulator, settings: Settings, mut prepare: impl FnMut(Duration)) {
    let http = Http::trusting(Certificate::from_pem(azure.ca_pem().as_bytes()).expect("a certificate"));
    let host = azure.endpoint().trim_start_matches("https://");
    let cloud = Cloud::from_metadata(host, &http, &deadline()).await.expect("a cloud");
    let login = azure.login();
    let text = |value: String, name: &str| Some(Setting::new(value, Source::argument(name)));
    let settings = Settings {
        tenant_id: text(login.tenant_id, "tenant_id"),
        client_id: text(login.client_id, "client_id"),
        client_secret: None,
        ..settings
    };
    let credential = Credential::select(&settings, &cloud, http.clone()).expect("a credential");
    let client = Client::new(http, cloud, credential, Correlation::given("run-1"));
    let workspace = azure.workspace("law-soc");
    let request = Request::new(Method::GET, &workspace).query("api-version", "2022-10-01");
    let started = Instant::now();
    while started.elapsed() < 60 * MINUTE {
        prepare(started.elapsed());
        let minute = started.elapsed().as_secs() / 60;
        client.send(&request, &deadline()).await.unwrap_or_else(|error| panic!("minute {minute}: {error}"));
        tokio::time::advance(MINUTE).await;
    }
}

fn token_requests(azure: &Simulator) -> Vec<azure_simulator::Request> {
    azure.requests().into_iter().filter(azure_simulator::Request::is_login).collect()
}

/// An OIDC token of GitHub, valid for a minute.
fn token_of(started: SystemTime, elapsed: Duration) -> String {
    let now = (started + elapsed).duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:contoso/soc:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange", "iat": now, "nbf": now, "exp": now + 60,
    });
    jwt(&claims)
}

#[tokio::test(start_paused = true)]
async fn reads_a_rotating_token_file_for_each_renewal() {
    let azure = azure().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    let settings = Settings {
        use_oidc: Some(Setting::new(true, Source::argument("use_oidc"))),
        oidc_token: Some(SecretSource::File(Setting::new(
            file.display().to_string(),
            Source::argument("oidc_token_file_path"),
        ))),
        ..Settings::default()
    };
    let started = SystemTime::now();

    an_hour_of_requests(&azure, settings, |elapsed| {
        std::fs::write(&file, token_of(started, elapsed)).expect("a file");
    })
    .await;

    let requests = token_requests(&azure);
    assert!((10..=13).contains(&requests.len()), "one each five minutes, not {}", requests.len());
    for (number, request) in requests.iter().enumerate() {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let renewed = u32::try_from(number).expect("few requests") * 5 * MINUTE;
        let current = [0, 1].map(|later| token_of(started, renewed + later * MINUTE));
        assert!(current.iter().any(|token| body.contains(token)), "request {number} has the token of another minute");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_a_new_oidc_token_for_each_renewal() {
    for (path, connection) in [("/84/idtoken/1?api-version=2.0", None), ("/contoso/jobs/2/oidctoken", Some("7b1c"))] {
        let azure = azure().await;
        let variable = |value: &str, name: &str| Setting::new(value.to_owned(), Source::variable(name));
        let settings = Settings {
            use_oidc: Some(Setting::new(true, Source::argument("use_oidc"))),
            oidc_request_url: Some(variable(&format!("{}{path}", azure.endpoint()), "ARM_OIDC_REQUEST_URL")),
            oidc_request_token: Some(Setting::new(
                "request-token-of-the-job".into(),
                Source::variable("ARM_OIDC_REQUEST_TOKEN"),
            )),
            oidc_azure_service_connection_id: connection
                .map(|id| variable(id, "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID")),
            ..Settings::default()
        };

        an_hour_of_requests(&azure, settings, |_| {}).await;

        let requests = azure.requests();
        let path = path.split('?').next().unwrap_or(path);
        let issued = requests.iter().filter(|request| request.path == path).count();
        assert_eq!(issued, token_requests(&azure).len(), "a new OIDC token for each token request");
        assert!((10..=13).contains(&issued), "{issued}");
    }
}
