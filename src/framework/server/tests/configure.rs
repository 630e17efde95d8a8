//! Tests of calls before, during and after the provider's configuration.

use super::fixture::*;
use crate::framework::*;

fn read_request() -> ReadRequest {
    ReadRequest {
        type_name: THING.to_owned(),
        current_state: existing().value().clone(),
        private: Vec::new(),
        identity: None,
    }
}

#[tokio::test]
async fn read_requires_a_configured_provider() {
    let server = Server::new(TestProvider(Behavior::Good)).expect("a valid provider");

    assert_eq!(summaries(&server.read_resource(read_request()).await.diagnostics), ["The provider is not configured"]);
}

#[tokio::test]
async fn read_requires_known_provider_arguments() {
    let server = server(Behavior::Good).await;

    assert!(configure(&server, Value::Unknown).await.is_empty());

    let response = server.read_resource(read_request()).await;
    assert_eq!(summaries(&response.diagnostics), ["The provider configuration is not known yet"]);
    assert!(response.diagnostics.to_string().contains("The provider argument `url` is known only after apply"));
    assert_eq!(&response.new_state, existing().value());
}

#[tokio::test]
async fn configuration_error_is_reported_on_its_argument() {
    let server = server(Behavior::Good).await;

    assert_eq!(summaries(&configure(&server, "nowhere".into()).await), ["url: No such place"]);
    assert!(server.read_resource(read_request()).await.diagnostics.has_errors());
}

#[tokio::test]
async fn configures_again_with_new_arguments() {
    let server = server(Behavior::Good).await;
    configure(&server, "nowhere".into()).await;

    configure(&server, Value::Null).await;

    assert!(server.read_resource(read_request()).await.diagnostics.is_empty());
}

#[tokio::test(start_paused = true)]
async fn runs_calls_concurrently() {
    let server = server(Behavior::Hangs).await;
    let started = tokio::time::Instant::now();

    let reads = (0..20).map(|_| server.read_resource(read_request()));
    let responses = futures_util::future::join_all(reads).await;

    let timed_out = ["timeouts.read: The operation timed out"];
    assert!(responses.iter().all(|response| summaries(&response.diagnostics) == timed_out));
    assert!(started.elapsed() < std::time::Duration::from_secs(6 * 60), "the timeouts overlap");
}
