//! Tests of the lifecycle of an object: plan, apply, read, upgrade, import, move.

use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::attribute_path::step::Selector;
use terraform_provider_sentinel::protocol::proto::{
    AttributePath, ClientCapabilities, move_resource_state, plan_resource_change,
};

use crate::client::{Client, FAILING, Instance, SAMPLE, capabilities, failing, planned, sample};
use crate::wire::{self, unknown};

/// The first attribute of each path.
fn names(paths: &[AttributePath]) -> Vec<&str> {
    let selectors = paths.iter().filter_map(|path| path.steps[0].selector.as_ref());
    selectors
        .filter_map(|selector| if let Selector::AttributeName(name) = selector { Some(&**name) } else { None })
        .collect()
}

#[tokio::test]
async fn private_state_and_identity_survive_every_call() {
    let mut client = Client::start().await;
    let config = sample(json!({ "text": "first" }));

    let created = client.create(SAMPLE, &config).await;
    assert!(!created.private.is_empty(), "the sample keeps private data");
    assert_eq!(created.identity, json!({ "name": "one" }));

    let read = client.read(SAMPLE, &created).await;
    assert_eq!(read.private, created.private);
    assert_eq!(wire::read_identity(read.new_identity.as_ref()), created.identity);

    let updated = client.change(SAMPLE, &created, &sample(json!({ "text": "second" }))).await;
    assert_eq!((updated.private, updated.identity), (created.private, created.identity));
}

#[tokio::test]
async fn same_plan_request_returns_the_same_response() {
    let mut client = Client::start().await;
    let config = sample(json!({ "tags": ["b", "a"], "weights": { "b": 1, "a": 2 }, "text": unknown() }));

    let first = client.plan(SAMPLE, &Instance::default(), &config).await;
    let second = client.plan(SAMPLE, &Instance::default(), &config).await;

    assert_eq!(first, second);
}

#[tokio::test]
async fn plans_a_replacement_again_as_a_create() {
    let mut client = Client::start().await;
    let prior = client.create(SAMPLE, &sample(json!({ "zone": "a" }))).await;
    client.read(SAMPLE, &prior).await;
    let config = sample(json!({ "zone": "b" }));
    let first = client.plan(SAMPLE, &prior, &config).await;
    assert!(!first.requires_replace.is_empty());

    let again = Instance { state: Json::Null, ..planned(&first) };
    let second = client.plan(SAMPLE, &again, &config).await;

    assert_eq!(second.diagnostics, []);
    assert_eq!(planned(&second).state["id"], unknown(), "the new object has no id yet");
    assert!(!prior.private.is_empty(), "the sample keeps private data");
    assert_eq!(planned(&second).private, prior.private, "the create gets the private state of the first plan");
}

#[tokio::test]
async fn plans_a_replacement_without_a_read_as_an_update() {
    let mut client = Client::start().await;
    let prior = client.create(SAMPLE, &sample(json!({ "zone": "a" }))).await;
    let config = sample(json!({ "zone": "b" }));
    let plan = client.plan(SAMPLE, &prior, &config).await;
    assert_eq!(names(&plan.requires_replace), Vec::<String>::new());
    assert_eq!(planned(&plan).state["id"], unknown(), "the new object has no id yet");

    let replaced = client.apply(SAMPLE, &prior, &planned(&plan), &config).await;

    assert_eq!(replaced.diagnostics, []);
    assert_eq!(wire::read(replaced.new_state.as_ref())["zone"], "b");
    assert_eq!(replaced.private.to_vec(), prior.private, "the framework removes its own private data");
}

#[tokio::test]
async fn second_plan_keeps_known_values() {
    let mut client = Client::start().await;
    let early = client.plan(SAMPLE, &Instance::default(), &sample(json!({ "text": unknown() }))).await;
    let late = client.plan(SAMPLE, &Instance::default(), &sample(json!({ "text": "known" }))).await;

    let (early, late) = (planned(&early).state, planned(&late).state);
    for (name, value) in early.as_object().expect("an object") {
        assert!(*value == unknown() || *value == late[name], "{name} was {value} and is {}", late[name]);
    }
}

#[tokio::test]
async fn validates_and_plans_unknown_values() {
    let mut client = Client::start().await;
    let configs = [
        sample(json!({ "name": unknown(), "text": unknown(), "items": unknown(), "anything": unknown() })),
        sample(json!({ "items": [unknown()], "entries": { "k": unknown() }, "names": [unknown()] })),
        sample(json!({ "single": { "label": unknown(), "weight": unknown(), "color": unknown() } })),
        sample(json!({ "rule": unknown() })),
        sample(json!({ "rule": [{ "label": unknown() }] })),
    ];
    for config in configs {
        assert_eq!(client.validate(SAMPLE, &config).await, [], "{config}");
        assert_eq!(client.plan(SAMPLE, &Instance::default(), &config).await.diagnostics, [], "{config}");
    }
}

#[tokio::test]
async fn accepts_unknown_provider_arguments() {
    let mut client = Client::start().await;

    assert_eq!(client.configure(&json!({ "prefix": unknown() })).await.diagnostics, []);
    assert_eq!(client.plan(SAMPLE, &Instance::default(), &sample(json!({}))).await.diagnostics, []);
}

#[tokio::test]
async fn missing_block_is_empty_and_not_null() {
    let mut client = Client::start().await;

    let created = client.create(SAMPLE, &sample(json!({}))).await;

    assert_eq!(created.state["rule"], json!([]));
}

#[tokio::test]
async fn deleted_object_has_no_state() {
    let mut client = Client::start().await;
    let created = client.create(SAMPLE, &sample(json!({}))).await;

    let deleted = client.destroy(SAMPLE, &created).await;

    assert_eq!((deleted.diagnostics.as_slice(), wire::read(deleted.new_state.as_ref())), (&[][..], Json::Null));
}

#[tokio::test]
async fn no_response_returns_a_write_only_value() {
    let mut client = Client::start().await;
    let config = sample(json!({ "token": "hidden" }));

    let plan = client.plan(SAMPLE, &Instance::default(), &config).await;
    assert_eq!(planned(&plan).state["token"], Json::Null);

    let created = client.create(SAMPLE, &config).await;
    assert_eq!(created.state["token"], Json::Null);

    let read = client.read(SAMPLE, &created).await;
    assert_eq!(wire::read(read.new_state.as_ref())["token"], Json::Null);
}

#[tokio::test]
async fn upgrade_removes_write_only_values() {
    let mut client = Client::start().await;
    let mut saved = client.create(SAMPLE, &sample(json!({}))).await.state;
    saved["token"] = json!("from an old version");

    let upgraded = client.upgrade(SAMPLE, 0, &saved).await;

    assert_eq!(upgraded.diagnostics, []);
    assert_eq!(wire::read(upgraded.upgraded_state.as_ref())["token"], Json::Null);
}

#[tokio::test]
async fn upgrade_adds_and_removes_attributes() {
    let mut client = Client::start().await;

    let upgraded = client.upgrade(SAMPLE, 0, &json!({ "name": "one", "gone": [1], "amount": 0.1 })).await;

    assert_eq!(upgraded.diagnostics, []);
    let state = wire::read(upgraded.upgraded_state.as_ref());
    assert_eq!((&state["name"], &state["amount"], &state["flag"]), (&json!("one"), &json!("0.1"), &Json::Null));
}

#[tokio::test]
async fn does_not_defer_even_if_the_client_allows_it() {
    let mut client = Client::start().await;
    client.configure(&json!({ "prefix": unknown() })).await;
    let config = wire::msgpack(&sample(json!({ "text": unknown() })));
    let request = plan_resource_change::Request {
        type_name: SAMPLE.to_owned(),
        proposed_new_state: config.clone(),
        config,
        client_capabilities: Some(ClientCapabilities { deferral_allowed: true, ..capabilities() }),
        ..Default::default()
    };

    let plan = client.grpc.plan_resource_change(request).await.expect("a response").into_inner();

    assert_eq!((plan.diagnostics, plan.deferred), (vec![], None));
}

#[tokio::test]
async fn no_response_has_an_identity_without_an_identity_schema() {
    let mut client = Client::start().await;
    let created = client.create(FAILING, &failing("never")).await;
    assert_eq!(created.identity, Json::Null);
    let sent = Instance { identity: json!({ "name": "one" }), ..created };

    let plan = client.plan(FAILING, &sent, &failing("never")).await;
    let read = client.read(FAILING, &sent).await;

    assert_eq!((plan.planned_identity, read.new_identity), (None, None));
}

#[tokio::test]
async fn requires_replace_lists_each_cause_once() {
    let mut client = Client::start().await;
    let prior = client.create(SAMPLE, &sample(json!({ "zone": "a", "text": "a" }))).await;
    client.read(SAMPLE, &prior).await;

    let plan = client.plan(SAMPLE, &prior, &sample(json!({ "zone": "b", "text": "b" }))).await;

    assert_eq!(names(&plan.requires_replace), ["zone"]);
}

#[tokio::test]
async fn importing_a_missing_object_reads_as_null() {
    let mut client = Client::start().await;
    let imported = client.import(SAMPLE, "missing").await;

    let read = client.read(SAMPLE, &imported).await;

    assert_eq!(read.diagnostics, []);
    assert_eq!(wire::read(read.new_state.as_ref()), Json::Null);
}

#[tokio::test]
async fn imports_and_reads_an_existing_object() {
    let mut client = Client::start().await;
    let created = client.create(SAMPLE, &sample(json!({}))).await;

    let imported = Instance { identity: Json::Null, ..client.import(SAMPLE, "one").await };

    let read = client.read(SAMPLE, &imported).await;
    assert_eq!(wire::read(read.new_state.as_ref())["id"], created.state["id"]);
}

#[tokio::test]
async fn moves_a_state_without_identity() {
    let mut client = Client::start().await;
    let request = move_resource_state::Request {
        source_provider_address: "registry.opentofu.org/hashicorp/other".to_owned(),
        source_type_name: "other_thing".to_owned(),
        source_state: wire::raw_state(&json!({ "title": "one" })),
        target_type_name: SAMPLE.to_owned(),
        ..Default::default()
    };

    let moved = client.grpc.move_resource_state(request).await.expect("a response").into_inner();

    assert_eq!(moved.diagnostics, []);
    assert_eq!(wire::read(moved.target_state.as_ref())["name"], json!("one"));
}
