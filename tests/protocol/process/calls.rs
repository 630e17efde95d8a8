//! What calls on a connection to the real process must be able to do.

use prost::bytes::Bytes;
use terraform_provider_sentinel::protocol::proto::provider_client::ProviderClient;
use terraform_provider_sentinel::protocol::proto::{
    DynamicValue, configure_provider, get_provider_schema, stop_provider, validate_provider_config,
};
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::host::{Host, within};

/// Asks as go-plugin's `Ping` does.
pub(super) async fn assert_healthy(channel: &Channel) {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    let answer = within(HealthClient::new(channel.clone()).check(request)).await.expect("it is answered");
    assert_eq!(answer.into_inner().status(), ServingStatus::Serving);
}

#[tokio::test]
async fn trap_08_a_stopped_provider_keeps_serving() {
    let host = Host::start().await;
    let mut provider = ProviderClient::new(host.connect().await);

    for _ in 0..2 {
        let stopped = within(provider.stop_provider(stop_provider::Request {})).await.expect("it is answered");
        assert_eq!(stopped.into_inner().error, "");
        within(provider.configure_provider(configure())).await.expect("it is answered, with whatever diagnostics");
    }
}

#[tokio::test]
async fn trap_09_a_message_larger_than_4_mib_is_taken() {
    let host = Host::start().await;
    let mut provider = ProviderClient::new(host.connect().await).max_decoding_message_size(usize::MAX);
    let text = "x".repeat(6 << 20);
    // A msgpack map of an argument that no provider has; the diagnostics may say what they like about it.
    let mut config = vec![0x81, 0xa4];
    config.extend(b"text\xdb");
    config.extend(u32::try_from(text.len()).expect("it is not that long").to_be_bytes());
    config.extend(text.as_bytes());
    let config = Some(DynamicValue { msgpack: Bytes::from(config), json: Bytes::new() });

    within(provider.validate_provider_config(validate_provider_config::Request { config }))
        .await
        .expect("it is answered with diagnostics and not with a status");
}

#[tokio::test]
async fn the_schema_comes_without_anything_configured() {
    let host = Host::start().await;
    let mut provider = ProviderClient::new(host.connect().await).max_decoding_message_size(64 << 20);

    let schema = within(provider.get_provider_schema(get_provider_schema::Request {})).await.expect("it is answered");

    let schema = schema.into_inner();
    assert!(schema.diagnostics.is_empty(), "{:?}", schema.diagnostics);
    assert!(schema.provider.is_some());
}

/// A configuration that cannot be one: what counts is that it is answered.
pub(super) fn configure() -> configure_provider::Request {
    configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(DynamicValue { msgpack: Bytes::from_static(b"\xc0"), json: Bytes::new() }),
        ..Default::default()
    }
}
