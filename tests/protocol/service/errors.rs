//! Traps in what happens when something goes wrong, or comes from another client than Terraform.

use serde_json::json;
use terraform_provider_sentinel::protocol::proto::attribute_path::step::Selector;
use terraform_provider_sentinel::protocol::proto::{DynamicValue, stop_provider, validate_resource_config};

use crate::core::{Core, FRAGILE, Instance, SAMPLE, fragile, only_error, planned, sample};
use crate::wire;

#[tokio::test]
async fn trap_29_a_panic_is_an_error_and_the_provider_lives() {
    let mut core = Core::start().await;
    let config = fragile("with-panic");
    let plan = core.plan(FRAGILE, &Instance::default(), &config).await;

    let applied = core.apply(FRAGILE, &Instance::default(), &planned(&plan), &config).await;

    only_error(&applied.diagnostics);
    assert_eq!(core.validate(SAMPLE, &sample(json!({}))).await, []);
}

#[tokio::test]
async fn trap_29_what_was_created_before_a_panic_is_in_the_state() {
    let mut core = Core::start().await;
    let config = fragile("with-panic-after-checkpoint");
    let plan = core.plan(FRAGILE, &Instance::default(), &config).await;

    let applied = core.apply(FRAGILE, &Instance::default(), &planned(&plan), &config).await;

    only_error(&applied.diagnostics);
    assert_eq!(wire::read(applied.new_state.as_ref())["id"], json!("echo-one"));
}

#[tokio::test]
async fn trap_08_stopping_cancels_what_runs_and_nothing_later() {
    let mut core = Core::start().await;
    let mut other = core.client.clone();
    let config = fragile("once-stopped");
    let (nothing, plan) = (Instance::default(), core.plan(FRAGILE, &Instance::default(), &config).await);
    let planned = planned(&plan);
    // Again and again, as nothing tells when the create has begun.
    let stopping = async {
        loop {
            let stopped = other.stop_provider(stop_provider::Request {}).await.expect("an answer").into_inner();
            assert_eq!(stopped.error, "");
        }
    };

    let applied = tokio::select! {
        applied = core.apply(FRAGILE, &nothing, &planned, &config) => applied,
        () = stopping => unreachable!("it is without end"),
    };

    only_error(&applied.diagnostics);
    core.create(FRAGILE, &fragile("if-stopped")).await;
}

#[tokio::test]
async fn malformed_values_are_an_error_at_their_attribute() {
    let mut core = Core::start().await;
    let config = sample(json!({ "items": [{ "label": 7, "weight": true, "colour": null }] }));

    let diagnostics = core.validate(SAMPLE, &config).await;

    let path = only_error(&diagnostics).attribute.as_ref().expect("a path");
    let steps: Vec<_> = path.steps.iter().filter_map(|step| step.selector.clone()).collect();
    let attribute = |name: &str| Selector::AttributeName(name.to_owned());
    assert_eq!(steps, [attribute("items"), Selector::ElementKeyInt(0), attribute("label")]);
}

#[tokio::test]
async fn bytes_that_are_no_value_are_an_error() {
    let mut core = Core::start().await;
    let request = validate_resource_config::Request {
        type_name: SAMPLE.to_owned(),
        config: Some(DynamicValue { msgpack: vec![0xc1].into(), ..Default::default() }),
        ..Default::default()
    };

    let answer = core.client.validate_resource_config(request).await.expect("an answer").into_inner();

    only_error(&answer.diagnostics);
}

#[tokio::test]
async fn a_write_only_value_needs_a_client_that_knows_of_it() {
    let mut core = Core::start().await;
    let request = validate_resource_config::Request {
        type_name: SAMPLE.to_owned(),
        config: wire::msgpack(&sample(json!({ "token": "hidden" }))),
        client_capabilities: None,
    };

    let answer = core.client.validate_resource_config(request).await.expect("an answer").into_inner();

    only_error(&answer.diagnostics);
    assert_eq!(core.validate(SAMPLE, &sample(json!({ "token": "hidden" }))).await, []);
}

#[tokio::test]
async fn a_faulty_argument_of_a_function_is_named() {
    let mut core = Core::start().await;
    let argument = wire::msgpack(&json!(["a list"])).expect("a value");

    let error = core.call("echo", vec![argument]).await.error.expect("an error");

    assert_eq!(error.function_argument, Some(0));
}

#[tokio::test]
async fn a_configuration_of_many_mebibytes_is_taken() {
    let mut core = Core::start().await;
    let long = "x".repeat(6 << 20);

    let plan = core.plan(SAMPLE, &Instance::default(), &sample(json!({ "text": long }))).await;

    assert_eq!(planned(&plan).state["text"].as_str().map(str::len), Some(6 << 20));
}
