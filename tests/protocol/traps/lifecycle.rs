//! Traps in the life of an object: plan, apply, read, import, upgrade.

use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::attribute_path::step::Selector;
use terraform_provider_sentinel::protocol::proto::{
    AttributePath, ClientCapabilities, move_resource_state, plan_resource_change,
};

use crate::core::{Core, FRAGILE, Instance, SAMPLE, capabilities, fragile, kept, only_error, planned, sample};
use crate::wire::{self, unknown};

/// The attributes at which paths begin.
fn names(paths: &[AttributePath]) -> Vec<&str> {
    let selectors = paths.iter().filter_map(|path| path.steps[0].selector.as_ref());
    selectors
        .filter_map(|selector| if let Selector::AttributeName(name) = selector { Some(&**name) } else { None })
        .collect()
}

#[tokio::test]
async fn trap_16_private_data_and_identity_survive_every_call() {
    let mut core = Core::start().await;
    let config = sample(json!({ "text": "first" }));

    let created = core.create(SAMPLE, &config).await;
    assert!(!created.private.is_empty(), "the sample keeps private data");
    assert_eq!(created.identity, json!({ "name": "one" }));

    let read = core.read(SAMPLE, &created).await;
    assert_eq!(read.private, created.private);
    assert_eq!(wire::read_identity(read.new_identity.as_ref()), created.identity);

    let updated = core.change(SAMPLE, &created, &sample(json!({ "text": "second" }))).await;
    assert_eq!((updated.private, updated.identity), (created.private, created.identity));
}

#[tokio::test]
async fn trap_17_the_same_plan_twice_is_the_same_bytes() {
    let mut core = Core::start().await;
    let config = sample(json!({ "tags": ["b", "a"], "weights": { "b": 1, "a": 2 }, "text": unknown() }));

    let first = core.plan(SAMPLE, &Instance::default(), &config).await;
    let second = core.plan(SAMPLE, &Instance::default(), &config).await;

    assert_eq!(first, second);
}

#[tokio::test]
async fn trap_17_a_replacement_is_planned_again_as_a_create() {
    let mut core = Core::start().await;
    let prior = core.create(SAMPLE, &sample(json!({ "zone": "a" }))).await;
    core.read(SAMPLE, &prior).await;
    let config = sample(json!({ "zone": "b" }));
    let first = core.plan(SAMPLE, &prior, &config).await;
    assert!(!first.requires_replace.is_empty());

    let again = Instance { state: Json::Null, ..planned(&first) };
    let second = core.plan(SAMPLE, &again, &config).await;

    assert_eq!(second.diagnostics, []);
    assert_eq!(planned(&second).state["id"], unknown(), "the id of the new object is not known");
    assert!(!prior.private.is_empty(), "the sample keeps private data");
    assert_eq!(planned(&second).private, prior.private, "and the new object's create is given it");
}

#[tokio::test]
async fn trap_17_without_a_refresh_a_replacement_is_an_update_that_is_carried_out() {
    let mut core = Core::start().await;
    let prior = core.create(SAMPLE, &sample(json!({ "zone": "a" }))).await;
    let config = sample(json!({ "zone": "b" }));

    let plan = core.plan(SAMPLE, &prior, &config).await;
    let applied = core.apply(SAMPLE, &prior, &planned(&plan), &config).await;

    assert_eq!(applied.diagnostics, []);
    let replaced = kept(&applied);
    assert_eq!(names(&plan.requires_replace), Vec::<String>::new());
    assert_eq!(planned(&plan).state["id"], unknown(), "the id of the new object is not known");
    assert_eq!(replaced.state["zone"], "b");
    assert_eq!(replaced.private, prior.private, "no note of the framework is left");
}

#[tokio::test]
async fn trap_18_a_plan_with_everything_known_keeps_what_was_known() {
    let mut core = Core::start().await;
    let early = core.plan(SAMPLE, &Instance::default(), &sample(json!({ "text": unknown() }))).await;
    let late = core.plan(SAMPLE, &Instance::default(), &sample(json!({ "text": "now known" }))).await;

    let (early, late) = (planned(&early).state, planned(&late).state);
    for (name, value) in early.as_object().expect("an object") {
        assert!(*value == unknown() || *value == late[name], "{name} was {value} and is {}", late[name]);
    }
}

#[tokio::test]
async fn trap_19_unknown_configuration_is_validated_and_planned() {
    let mut core = Core::start().await;
    let configs = [
        sample(json!({ "name": unknown(), "text": unknown(), "items": unknown(), "anything": unknown() })),
        sample(json!({ "items": [unknown()], "entries": { "k": unknown() }, "names": [unknown()] })),
        sample(json!({ "single": { "label": unknown(), "weight": unknown(), "colour": unknown() } })),
        sample(json!({ "rule": unknown() })),
        sample(json!({ "rule": [{ "label": unknown() }] })),
    ];
    for config in configs {
        assert_eq!(core.validate(SAMPLE, &config).await, [], "{config}");
        assert_eq!(core.plan(SAMPLE, &Instance::default(), &config).await.diagnostics, [], "{config}");
    }
}

#[tokio::test]
async fn trap_19_a_provider_is_configured_with_unknown_arguments() {
    let mut core = Core::start().await;

    assert_eq!(core.configure(&json!({ "prefix": unknown() })).await.diagnostics, []);
    assert_eq!(core.plan(SAMPLE, &Instance::default(), &sample(json!({}))).await.diagnostics, []);
}

#[tokio::test]
async fn trap_20_a_block_that_is_absent_is_empty_and_not_null() {
    let mut core = Core::start().await;

    let created = core.create(SAMPLE, &sample(json!({}))).await;

    assert_eq!(created.state["rule"], json!([]));
}

#[tokio::test]
async fn trap_21_what_exists_after_a_failed_create_is_in_the_state() {
    let mut core = Core::start().await;
    let config = fragile("half-way");
    let plan = core.plan(FRAGILE, &Instance::default(), &config).await;

    let applied = core.apply(FRAGILE, &Instance::default(), &planned(&plan), &config).await;

    only_error(&applied.diagnostics);
    assert_eq!(wire::read(applied.new_state.as_ref())["id"], json!("echo-one"));
}

#[tokio::test]
async fn trap_21_nothing_is_in_the_state_when_nothing_was_created() {
    let mut core = Core::start().await;
    let config = fragile("at-once");
    let plan = core.plan(FRAGILE, &Instance::default(), &config).await;

    let applied = core.apply(FRAGILE, &Instance::default(), &planned(&plan), &config).await;

    only_error(&applied.diagnostics);
    assert_eq!(wire::read(applied.new_state.as_ref()), Json::Null);
}

#[tokio::test]
async fn trap_21_a_deleted_object_is_null() {
    let mut core = Core::start().await;
    let created = core.create(SAMPLE, &sample(json!({}))).await;

    let deleted = core.destroy(SAMPLE, &created).await;

    assert_eq!((deleted.diagnostics.as_slice(), wire::read(deleted.new_state.as_ref())), (&[][..], Json::Null));
}

#[tokio::test]
async fn trap_21_an_object_that_cannot_be_deleted_stays() {
    let mut core = Core::start().await;
    let created = core.create(FRAGILE, &fragile("on-delete")).await;

    let answer = core.destroy(FRAGILE, &created).await;

    only_error(&answer.diagnostics);
    assert_eq!(wire::read(answer.new_state.as_ref()), created.state);
}

#[tokio::test]
async fn trap_22_a_write_only_value_is_in_no_answer() {
    let mut core = Core::start().await;
    let config = sample(json!({ "token": "hidden" }));

    let plan = core.plan(SAMPLE, &Instance::default(), &config).await;
    assert_eq!(planned(&plan).state["token"], Json::Null);

    let created = core.create(SAMPLE, &config).await;
    assert_eq!(created.state["token"], Json::Null);

    let read = core.read(SAMPLE, &created).await;
    assert_eq!(wire::read(read.new_state.as_ref())["token"], Json::Null);
}

#[tokio::test]
async fn trap_22_an_upgrade_drops_a_write_only_value() {
    let mut core = Core::start().await;
    let mut saved = core.create(SAMPLE, &sample(json!({}))).await.state;
    saved["token"] = json!("from an old version");

    let upgraded = core.upgrade(SAMPLE, 0, &saved).await;

    assert_eq!(upgraded.diagnostics, []);
    assert_eq!(wire::read(upgraded.upgraded_state.as_ref())["token"], Json::Null);
}

#[tokio::test]
async fn a_saved_state_may_lack_attributes_and_have_others() {
    let mut core = Core::start().await;

    let upgraded = core.upgrade(SAMPLE, 0, &json!({ "name": "one", "gone": [1], "amount": 0.1 })).await;

    assert_eq!(upgraded.diagnostics, []);
    let state = wire::read(upgraded.upgraded_state.as_ref());
    assert_eq!((&state["name"], &state["amount"], &state["flag"]), (&json!("one"), &json!("0.1"), &Json::Null));
}

#[tokio::test]
async fn trap_23_nothing_is_deferred_where_the_client_allows_it() {
    let mut core = Core::start().await;
    core.configure(&json!({ "prefix": unknown() })).await;
    let config = wire::msgpack(&sample(json!({ "text": unknown() })));
    let request = plan_resource_change::Request {
        type_name: SAMPLE.to_owned(),
        proposed_new_state: config.clone(),
        config,
        client_capabilities: Some(ClientCapabilities { deferral_allowed: true, ..capabilities() }),
        ..Default::default()
    };

    let plan = core.client.plan_resource_change(request).await.expect("an answer").into_inner();

    assert_eq!((plan.diagnostics, plan.deferred), (vec![], None));
}

#[tokio::test]
async fn trap_26_a_type_without_identity_has_none_in_any_answer() {
    let mut core = Core::start().await;
    let created = core.create(FRAGILE, &fragile("never")).await;
    assert_eq!(created.identity, Json::Null);
    let sent = Instance { identity: json!({ "name": "one" }), ..created };

    let plan = core.plan(FRAGILE, &sent, &fragile("never")).await;
    let read = core.read(FRAGILE, &sent).await;

    assert_eq!((plan.planned_identity, read.new_identity), (None, None));
}

#[tokio::test]
async fn trap_24_a_replacement_names_each_cause_once() {
    let mut core = Core::start().await;
    let prior = core.create(SAMPLE, &sample(json!({ "zone": "a", "text": "a" }))).await;
    core.read(SAMPLE, &prior).await;

    let plan = core.plan(SAMPLE, &prior, &sample(json!({ "zone": "b", "text": "b" }))).await;

    assert_eq!(names(&plan.requires_replace), ["zone"]);
}

#[tokio::test]
async fn trap_25_an_import_of_nothing_reads_as_null() {
    let mut core = Core::start().await;
    let imported = core.import(SAMPLE, "missing").await;
    let [resource] = &imported.imported_resources[..] else { panic!("one resource: {imported:#?}") };
    assert_eq!(resource.type_name, SAMPLE);
    let stub = Instance {
        state: wire::read(resource.state.as_ref()),
        private: resource.private.to_vec(),
        identity: wire::read_identity(resource.identity.as_ref()),
    };

    let read = core.read(SAMPLE, &stub).await;

    assert_eq!(read.diagnostics, []);
    assert_eq!(wire::read(read.new_state.as_ref()), Json::Null);
}

#[tokio::test]
async fn trap_25_an_import_reads_what_exists() {
    let mut core = Core::start().await;
    let created = core.create(SAMPLE, &sample(json!({}))).await;

    let imported = core.import(SAMPLE, "one").await;

    assert_eq!(imported.diagnostics, []);
    let resource = &imported.imported_resources[0];
    let stub = Instance {
        state: wire::read(resource.state.as_ref()),
        private: resource.private.to_vec(),
        identity: Json::Null,
    };
    let read = core.read(SAMPLE, &stub).await;
    assert_eq!(wire::read(read.new_state.as_ref())["id"], created.state["id"]);
}

#[tokio::test]
async fn trap_30_a_state_is_moved_without_identity() {
    let mut core = Core::start().await;
    let request = move_resource_state::Request {
        source_provider_address: "registry.opentofu.org/hashicorp/other".to_owned(),
        source_type_name: "other_thing".to_owned(),
        source_state: wire::raw_state(&json!({ "title": "one" })),
        target_type_name: SAMPLE.to_owned(),
        ..Default::default()
    };

    let moved = core.client.move_resource_state(request).await.expect("an answer").into_inner();

    assert_eq!(moved.diagnostics, []);
    assert_eq!(wire::read(moved.target_state.as_ref())["name"], json!("one"));
}
