//! The Rust API: a simulator inside the runtime of a test.

use std::time::{Duration, Instant};

use azure_simulator::{Effect, Fault, Moment, World};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, STABLE, send};

const HOUR: Duration = Duration::from_secs(3600);

fn connector(azure: &Azure) -> (String, Value) {
    let body = json!({"kind": "AzureSecurityCenter", "properties": {
        "subscriptionId": azure.login.subscription_id, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    (azure.sentinel("law-soc", "dataConnectors/one"), body)
}

#[tokio::test]
async fn reads_writes_and_deletes_documents_without_a_request() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.simulator.clear_requests();

    let first = azure.simulator.put_document(&path, body.clone());
    let second = azure.simulator.put_document(&path, body);

    assert_eq!(first["name"], "one");
    assert_ne!(first["etag"], second["etag"]);
    assert_eq!(azure.simulator.document(&path.to_uppercase()), Some(second));
    assert_eq!(azure.simulator.state()[path.to_lowercase()]["kind"], "AzureSecurityCenter");
    let names = azure.simulator.collection(&azure.sentinel("law-soc", "dataConnectors"));
    assert!(names.iter().any(|document| document["name"] == "one"));
    assert!(azure.simulator.delete_document(&path));
    assert!(!azure.simulator.delete_document(&path));
    assert_eq!(azure.simulator.requests().len(), 0);
}

#[tokio::test]
async fn patches_the_world_before_and_after_the_start() {
    let mut world = World::default();
    world.patch(json!({"behaviors": {"lower_case_states": true}}));
    let azure = Azure::start_with(world).await;
    assert_eq!(azure.simulator.state()["world"]["behaviors"]["lower_case_states"], true);

    azure.simulator.patch_world(json!({"behaviors": {"lower_case_states": false}}));
    assert_eq!(azure.simulator.state()["world"]["behaviors"]["lower_case_states"], false);
}

#[tokio::test]
async fn bearer_token_is_accepted() {
    let azure = Azure::start().await;
    let url = format!("{}{}?api-version={STABLE}", azure.endpoint(), azure.sentinel("law-soc", "dataConnectors"));
    let request = azure.http.get(url).bearer_auth(azure.simulator.bearer_token());
    assert_eq!(send(request).await.status, 200);
}

#[tokio::test]
async fn records_requests_with_headers_and_bodies() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    assert!(azure.simulator.requests()[0].is_login());
    azure.simulator.clear_requests();

    azure.put(&path, STABLE, body.clone()).await;
    azure.put(&path, STABLE, body.clone()).await;

    let requests = azure.simulator.requests();
    let (first, second) = (&requests[0], &requests[1]);
    assert_eq!(first.target(), format!("{path}?api-version={STABLE}"));
    assert_eq!(first.json().expect("JSON"), body);
    assert!(first.header("authorization").is_some_and(|value| value.starts_with("Bearer ")));
    assert_eq!((first.status, second.status), (Some(201), Some(200)));
    assert_eq!((first.earlier, second.earlier), (0, 1));
    assert_eq!(azure.simulator.count_requests("PUT", "/DataConnectors/"), 2);
}

#[tokio::test]
async fn counts_and_clears_faults() {
    let azure = Azure::start().await;
    let (path, _) = connector(&azure);
    let busy = Effect::new().error(503, "ServerBusy", "Try again.").header("retry-after", "7");
    let id = azure.simulator.add_fault(Fault::new(busy).method("get").path("/dataConnectors/").skip(1));

    assert_eq!(azure.get(&path, STABLE).await.status, 404);
    let reply = azure.get(&path, STABLE).await;
    assert_eq!((reply.status, reply.code()), (503, "ServerBusy"));
    assert_eq!(reply.headers["retry-after"], "7");
    assert_eq!(azure.simulator.fault_hits(id), 1);
    azure.simulator.clear_faults();
    assert_eq!(azure.get(&path, STABLE).await.status, 404);
}

#[tokio::test]
async fn forward_processes_the_request_behind_a_canned_response() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.simulator.add_fault(Fault::new(Effect::new().status(500).forward()).method("PUT"));

    assert_eq!(azure.put(&path, STABLE, body).await.status, 500);
    assert_eq!(azure.document(&path)["kind"], "AzureSecurityCenter");
}

#[tokio::test]
async fn interceptor_changes_a_document_before_the_request() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    azure.put(&path, STABLE, body.clone()).await;
    let changed = path.clone();
    azure.simulator.intercept(move |request, world| {
        if request.method == Method::PUT && request.earlier == 1 {
            let mut document = world.document(&changed).expect("a document").clone();
            document["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into();
            world.put_document(&changed, document);
        }
        None
    });
    let mut current = body.clone();
    current["etag"] = azure.document(&path)["etag"].clone();

    assert_eq!(azure.put(&path, STABLE, current).await.status, 409, "another user was faster");
    assert_eq!(azure.document(&path)["properties"]["dataTypes"]["alerts"]["state"], "Disabled");
}

#[tokio::test]
async fn interceptor_responds_to_any_path() {
    let azure = Azure::start().await;
    azure.simulator.add_fault(Fault::new(Effect::new().status(500)));
    azure.simulator.intercept(|request, _| {
        (request.path == "/anything").then(|| Effect::new().status(StatusCode::ACCEPTED.as_u16()).json(json!("text")))
    });

    let reply = send(azure.request(Method::GET, "/anything")).await;
    assert_eq!((reply.status, reply.body), (202, json!("text")));
    assert_eq!(send(azure.request(Method::GET, "/other")).await.status, 500);
}

#[tokio::test(start_paused = true)]
async fn delay_takes_no_real_time_while_tokio_is_paused() {
    let azure = Azure::start().await;
    azure.simulator.add_fault(Fault::new(Effect::new().delay(HOUR)));
    let (real, paused) = (Instant::now(), tokio::time::Instant::now());

    assert_eq!(azure.get(&azure.sentinel("law-soc", "dataConnectors"), STABLE).await.status, 200);

    assert!(paused.elapsed() >= HOUR);
    assert!(real.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn delay_ends_when_the_clock_is_advanced() {
    let azure = Azure::start().await;
    azure.simulator.add_fault(Fault::new(Effect::new().delay(HOUR)).method("GET"));
    let path = azure.sentinel("law-soc", "dataConnectors");

    let advance = async {
        while azure.simulator.count_requests("GET", "/dataConnectors") == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        azure.simulator.advance_clock(HOUR / 2);
        azure.simulator.advance_clock(HOUR / 2);
    };
    let (reply, ()) = tokio::join!(azure.get(&path, STABLE), advance);

    assert_eq!(reply.status, 200);
}

#[tokio::test(start_paused = true)]
async fn hanging_request_ends_with_the_clients_timeout() {
    let azure = Azure::start().await;
    let (path, body) = connector(&azure);
    for (moment, held) in [(Moment::Before, Value::Null), (Moment::After, json!("AzureSecurityCenter"))] {
        azure.simulator.clear_faults();
        azure.simulator.add_fault(Fault::new(Effect::new().hang(moment)));
        let request = azure.request(Method::PUT, &format!("{path}?api-version={STABLE}")).json(&body);
        let error = request.timeout(HOUR / 10).send().await.expect_err("no response");
        assert!(error.is_timeout(), "{error:?}");
        assert_eq!(azure.document(&path)["kind"], held);
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_and_deployments_follow_tokio_time() {
    let mut world = World::default();
    world.patch(json!({"behaviors": {"deployment_milliseconds": 60_000}}));
    let azure = Azure::start_with(world).await;
    let (group, _) = azure.workspace("law-soc").split_once("/providers/").expect("a resource group");
    let path = format!("{group}/providers/Microsoft.Resources/deployments/empty");
    let template = json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": []});
    let body = json!({"properties": {"mode": "Incremental", "template": template}});
    azure.put(&path, "2024-03-01", body).await;
    let state = |document: Value| document["properties"]["provisioningState"].clone();

    assert_eq!(state(azure.document(&path)), "Accepted");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(state(azure.document(&path)), "Succeeded");
    tokio::time::sleep(HOUR).await;
    assert_eq!(azure.get(&path, "2024-03-01").await.code(), "ExpiredAuthenticationToken");
}

#[tokio::test(start_paused = true)]
async fn paused_time_does_not_run_ahead_of_requests_in_flight() {
    let azure = Azure::start().await;
    let path = format!("{}?api-version={PREVIEW}", azure.sentinel("law-portal", "dataConnectors"));
    let start = tokio::time::Instant::now();
    for _ in 0..200 {
        let request = azure.request(Method::GET, &path).timeout(Duration::from_secs(1));
        assert_eq!(request.send().await.expect("a response in time").status(), 200);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(start.elapsed() < Duration::from_secs(101), "{:?}", start.elapsed());
}

#[tokio::test]
async fn dropped_simulator_stops_listening() {
    let azure = Azure::start().await;
    let url = format!("{}/metadata/endpoints?api-version=2022-09-01", azure.endpoint());
    let http = azure.http.clone();
    assert_eq!(http.get(&url).send().await.expect("a response").status(), 200);
    drop(azure);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(http.get(&url).send().await.is_err());
}
