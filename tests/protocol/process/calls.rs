//! Calls to the process that need no configuration.

use prost::bytes::Bytes;
use terraform_provider_sentinel::protocol::proto::provider_client::ProviderClient;
use terraform_provider_sentinel::protocol::proto::{
    DynamicValue, configure_provider, get_provider_schema, stop_provider,
};
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::host::{Host, within};

/// Calls the health service like go-plugin's `Ping`.
pub(super) async fn assert_healthy(channel: &Channel) {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    let response = within(HealthClient::new(channel.clone()).check(request)).await.expect("a response");
    assert_eq!(response.into_inner().status(), ServingStatus::Serving);
}

#[tokio::test]
async fn keeps_serving_after_a_stop_request() {
    let host = Host::start().await;
    let mut provider = ProviderClient::new(host.connect().await);

    for _ in 0..2 {
        let stopped = within(provider.stop_provider(stop_provider::Request {})).await.expect("a response");
        assert_eq!(stopped.into_inner().error, "");
        within(provider.configure_provider(configure())).await.expect("a response, with or without diagnostics");
    }
}

#[tokio::test]
async fn returns_the_schema_without_configuration() {
    let host = Host::start().await;
    let mut provider = ProviderClient::new(host.connect().await).max_decoding_message_size(64 << 20);

    let schema = within(provider.get_provider_schema(get_provider_schema::Request {})).await.expect("a response");

    let schema = schema.into_inner();
    assert!(schema.diagnostics.is_empty(), "{:?}", schema.diagnostics);
    assert!(schema.provider.is_some());
}

/// A request without a configuration. Its response may have diagnostics.
pub(super) fn configure() -> configure_provider::Request {
    configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(DynamicValue { msgpack: Bytes::from_static(b"\xc0"), json: Bytes::new() }),
        ..Default::default()
    }
}
