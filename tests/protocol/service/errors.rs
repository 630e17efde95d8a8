//! Tests of errors, panics and `StopProvider`.

use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::attribute_path::step::Selector;
use terraform_provider_sentinel::protocol::proto::{DynamicValue, stop_provider, validate_resource_config};

use crate::client::{Client, FAILING, SAMPLE, failing, only_error, sample};
use crate::wire;

#[tokio::test]
async fn keeps_serving_after_a_panic() {
    let mut client = Client::start().await;

    let created = client.try_create(FAILING, &failing("with-panic")).await;

    only_error(&created.diagnostics);
    assert_eq!(client.validate(SAMPLE, &sample(json!({}))).await, []);
}

#[tokio::test]
async fn saves_the_last_checkpoint_before_a_panic() {
    let mut client = Client::start().await;

    let created = client.try_create(FAILING, &failing("with-panic-after-checkpoint")).await;

    only_error(&created.diagnostics);
    assert_eq!(wire::read(created.new_state.as_ref())["id"], json!("echo-one"));
}

#[tokio::test]
async fn failed_create_saves_the_created_object() {
    let mut client = Client::start().await;

    let created = client.try_create(FAILING, &failing("half-way")).await;

    only_error(&created.diagnostics);
    assert_eq!(wire::read(created.new_state.as_ref())["id"], json!("echo-one"));
}

#[tokio::test]
async fn failed_create_without_an_object_saves_no_state() {
    let mut client = Client::start().await;

    let created = client.try_create(FAILING, &failing("at-once")).await;

    only_error(&created.diagnostics);
    assert_eq!(wire::read(created.new_state.as_ref()), Json::Null);
}

#[tokio::test]
async fn failed_delete_keeps_the_state() {
    let mut client = Client::start().await;
    let created = client.create(FAILING, &failing("on-delete")).await;

    let deleted = client.destroy(FAILING, &created).await;

    only_error(&deleted.diagnostics);
    assert_eq!(wire::read(deleted.new_state.as_ref()), created.state);
}

#[tokio::test]
async fn stop_cancels_only_calls_in_flight() {
    let mut client = Client::start().await;
    let mut other = client.grpc.clone();
    let config = failing("once-stopped");
    // Stop repeatedly, because the test cannot detect when the create has started.
    let stopping = async {
        loop {
            let stopped = other.stop_provider(stop_provider::Request {}).await.expect("a response").into_inner();
            assert_eq!(stopped.error, "");
        }
    };

    let created = tokio::select! {
        created = client.try_create(FAILING, &config) => created,
        () = stopping => unreachable!("the loop has no end"),
    };

    only_error(&created.diagnostics);
    client.create(FAILING, &failing("if-stopped")).await;
}

#[tokio::test]
async fn wrong_type_is_an_error_at_its_attribute() {
    let mut client = Client::start().await;
    let config = sample(json!({ "items": [{ "label": 7, "weight": true, "color": null }] }));

    let diagnostics = client.validate(SAMPLE, &config).await;

    let path = only_error(&diagnostics).attribute.as_ref().expect("a path");
    let steps: Vec<_> = path.steps.iter().filter_map(|step| step.selector.clone()).collect();
    let attribute = |name: &str| Selector::AttributeName(name.to_owned());
    assert_eq!(steps, [attribute("items"), Selector::ElementKeyInt(0), attribute("label")]);
}

#[tokio::test]
async fn reports_malformed_data() {
    let mut client = Client::start().await;
    let request = validate_resource_config::Request {
        type_name: SAMPLE.to_owned(),
        config: Some(DynamicValue { msgpack: vec![0xc1].into(), ..Default::default() }),
        ..Default::default()
    };

    let response = client.grpc.validate_resource_config(request).await.expect("a response").into_inner();

    only_error(&response.diagnostics);
}

#[tokio::test]
async fn write_only_value_requires_client_support() {
    let mut client = Client::start().await;
    let config = sample(json!({ "token": "hidden" }));
    let request = validate_resource_config::Request {
        type_name: SAMPLE.to_owned(),
        config: wire::msgpack(&config),
        client_capabilities: None,
    };

    let response = client.grpc.validate_resource_config(request).await.expect("a response").into_inner();

    only_error(&response.diagnostics);
    assert_eq!(client.validate(SAMPLE, &config).await, []);
}

#[tokio::test]
async fn function_error_names_the_argument() {
    let mut client = Client::start().await;
    let argument = wire::msgpack(&json!(["a list"])).expect("a value");

    let error = client.call("echo", vec![argument]).await.error.expect("an error");

    assert_eq!(error.function_argument, Some(0));
}
