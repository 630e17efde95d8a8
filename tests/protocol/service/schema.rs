//! Traps in what the provider says that it offers: schemas, capabilities, and answers about what it does not have.

use std::collections::BTreeMap;

use prost::Message;
use serde_json::Value as Json;
use terraform_provider_sentinel::protocol::proto::schema::{Attribute, Block};
use terraform_provider_sentinel::protocol::proto::*;
use tonic::Request;

use crate::client::{Client, connect};
use crate::core::only_error;
use crate::echo::Echo;

/// A type that no provider has.
const NOWHERE: &str = "echo_nowhere";

async fn client() -> Client {
    connect(Echo::default()).await
}

async fn schema() -> get_provider_schema::Response {
    client().await.get_provider_schema(get_provider_schema::Request {}).await.expect("an answer").into_inner()
}

/// Calls a function on every attribute, at every depth.
fn for_each_attribute(block: &Block, check: &mut impl FnMut(&Attribute)) {
    fn visit(attributes: &[Attribute], check: &mut impl FnMut(&Attribute)) {
        for attribute in attributes {
            check(attribute);
            if let Some(nested) = &attribute.nested_type {
                visit(&nested.attributes, check);
            }
        }
    }
    visit(&block.attributes, check);
    for nested in &block.block_types {
        for_each_attribute(nested.block.as_ref().expect("a nested block has a block"), check);
    }
}

fn all_schemas(response: &get_provider_schema::Response) -> BTreeMap<&str, &Schema> {
    let named = response.resource_schemas.iter().chain(&response.data_source_schemas);
    let named = named.map(|(name, schema)| (name.as_str(), schema));
    named.chain([("the provider", response.provider.as_ref().expect("the provider has a schema"))]).collect()
}

#[tokio::test]
async fn trap_23_nothing_is_announced_that_is_not_done() {
    let capabilities = schema().await.server_capabilities.expect("capabilities");

    let expected = ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: false,
    };
    assert_eq!(capabilities, expected);
}

#[tokio::test]
async fn trap_26_every_schema_has_a_block_and_every_block_too() {
    for (name, schema) in all_schemas(&schema().await) {
        let block = schema.block.as_ref().unwrap_or_else(|| panic!("{name} has no block"));
        for_each_attribute(block, &mut |_| {});
    }
}

#[tokio::test]
async fn trap_26_every_attribute_has_a_type_or_a_nested_type() {
    for (name, schema) in all_schemas(&schema().await) {
        for_each_attribute(schema.block.as_ref().expect("a block"), &mut |attribute| {
            let place = format!("{name}: {}", attribute.name);
            assert_ne!(attribute.r#type.is_empty(), attribute.nested_type.is_none(), "{place}");
            if !attribute.r#type.is_empty() {
                serde_json::from_slice::<Json>(&attribute.r#type).expect(&place);
            }
        });
    }
}

#[tokio::test]
async fn every_attribute_is_required_or_optional_or_computed() {
    for (name, schema) in all_schemas(&schema().await) {
        for_each_attribute(schema.block.as_ref().expect("a block"), &mut |attribute| {
            let place = format!("{name}: {}", attribute.name);
            assert!(attribute.required || attribute.optional || attribute.computed, "{place}");
            assert!(!(attribute.required && (attribute.optional || attribute.computed)), "{place}");
        });
    }
}

#[tokio::test]
async fn trap_26_every_function_has_a_result() {
    let functions = schema().await.functions;

    assert!(!functions.is_empty());
    for (name, function) in functions {
        let result = function.r#return.unwrap_or_else(|| panic!("{name} has no result"));
        serde_json::from_slice::<Json>(&result.r#type).expect("a type is JSON");
    }
}

#[tokio::test]
async fn trap_26_an_action_completes() {
    let request = invoke_action::Request { action_type: NOWHERE.to_owned(), ..Default::default() };
    let mut events = client().await.invoke_action(request).await.expect("an answer").into_inner();

    let event = events.message().await.expect("an event").expect("an event");
    let Some(invoke_action::event::Type::Completed(completed)) = event.r#type else {
        panic!("it does not complete: {event:?}");
    };
    assert!(only_error(&completed.diagnostics).detail.contains(NOWHERE));
    assert_eq!(events.message().await.expect("the end"), None);
}

#[tokio::test]
async fn trap_26_a_chunk_of_state_has_a_range() {
    let request = read_state_bytes::Request { type_name: NOWHERE.to_owned(), ..Default::default() };
    let mut chunks = client().await.read_state_bytes(request).await.expect("an answer").into_inner();

    let chunk = chunks.message().await.expect("a chunk").expect("a chunk");
    assert!(chunk.range.is_some());
    assert!(only_error(&chunk.diagnostics).detail.contains(NOWHERE));
}

#[tokio::test]
async fn trap_26_a_state_store_has_capabilities() {
    let request = configure_state_store::Request { type_name: NOWHERE.to_owned(), ..Default::default() };
    let answer = client().await.configure_state_store(request).await.expect("an answer").into_inner();

    assert!(answer.capabilities.is_some());
    assert!(only_error(&answer.diagnostics).detail.contains(NOWHERE));
}

#[tokio::test]
async fn trap_27_the_schema_is_the_same_bytes_every_time() {
    assert_eq!(schema().await.encode_to_vec(), schema().await.encode_to_vec());
}

#[tokio::test]
async fn trap_27_attributes_are_in_order() {
    for (name, schema) in all_schemas(&schema().await) {
        let block = schema.block.as_ref().expect("a block");
        assert!(block.attributes.is_sorted_by_key(|attribute| &attribute.name), "{name}");
        assert!(block.block_types.is_sorted_by_key(|nested| &nested.type_name), "{name}");
    }
}

#[tokio::test]
async fn the_metadata_names_what_the_schema_has() {
    let schema = schema().await;
    let metadata = client().await.get_metadata(get_metadata::Request {}).await.expect("an answer").into_inner();

    let resources: Vec<_> = metadata.resources.iter().map(|resource| &resource.type_name).collect();
    let data_sources: Vec<_> = metadata.data_sources.iter().map(|source| &source.type_name).collect();
    let functions: Vec<_> = metadata.functions.iter().map(|function| &function.name).collect();
    assert_eq!(resources, schema.resource_schemas.keys().collect::<Vec<_>>());
    assert_eq!(data_sources, schema.data_source_schemas.keys().collect::<Vec<_>>());
    assert_eq!(functions, schema.functions.keys().collect::<Vec<_>>());
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
}

#[tokio::test]
async fn functions_are_listed_alone_as_in_the_schema() {
    let listed = client().await.get_functions(get_functions::Request {}).await.expect("an answer").into_inner();
    assert_eq!(listed.functions, schema().await.functions);
}

#[tokio::test]
async fn identities_are_of_resources_and_of_simple_types() {
    let request = get_resource_identity_schemas::Request {};
    let identities = client().await.get_resource_identity_schemas(request).await.expect("an answer").into_inner();
    let resources = schema().await.resource_schemas;

    assert!(identities.identity_schemas.contains_key(crate::core::SAMPLE));
    for (name, identity) in identities.identity_schemas {
        assert!(resources.contains_key(&name), "{name}");
        for attribute in identity.identity_attributes {
            assert!(attribute.required_for_import != attribute.optional_for_import, "{name}: {}", attribute.name);
            let ty: Json = serde_json::from_slice(&attribute.r#type).expect("a type is JSON");
            assert!(ty.is_string() || ty[0] == "list", "{name}: {ty}");
        }
    }
}

/// One test a call: a type that does not exist is an error diagnostic that names it.
macro_rules! trap_28 {
    ($($test:ident: $call:ident { $field:ident } in $message:ident;)*) => {
        $(#[tokio::test]
        async fn $test() {
            let mut request = $message::Request::default();
            request.$field = NOWHERE.to_owned();
            let answer = client().await.$call(request).await.expect("an answer").into_inner();
            let error = only_error(&answer.diagnostics);
            assert!(error.detail.contains(NOWHERE), "{error:?}");
        })*
    };
}

trap_28! {
    trap_28_validating_an_unknown_resource: validate_resource_config { type_name } in validate_resource_config;
    trap_28_upgrading_an_unknown_resource: upgrade_resource_state { type_name } in upgrade_resource_state;
    trap_28_upgrading_an_unknown_identity: upgrade_resource_identity { type_name } in upgrade_resource_identity;
    trap_28_reading_an_unknown_resource: read_resource { type_name } in read_resource;
    trap_28_planning_an_unknown_resource: plan_resource_change { type_name } in plan_resource_change;
    trap_28_applying_an_unknown_resource: apply_resource_change { type_name } in apply_resource_change;
    trap_28_importing_an_unknown_resource: import_resource_state { type_name } in import_resource_state;
    trap_28_moving_to_an_unknown_resource: move_resource_state { target_type_name } in move_resource_state;
    trap_28_generating_for_an_unknown_resource: generate_resource_config { type_name } in generate_resource_config;
    trap_28_validating_an_unknown_data_source: validate_data_resource_config { type_name } in validate_data_resource_config;
    trap_28_reading_an_unknown_data_source: read_data_source { type_name } in read_data_source;
    trap_28_validating_an_unknown_ephemeral: validate_ephemeral_resource_config { type_name } in validate_ephemeral_resource_config;
    trap_28_opening_an_unknown_ephemeral: open_ephemeral_resource { type_name } in open_ephemeral_resource;
    trap_28_renewing_an_unknown_ephemeral: renew_ephemeral_resource { type_name } in renew_ephemeral_resource;
    trap_28_closing_an_unknown_ephemeral: close_ephemeral_resource { type_name } in close_ephemeral_resource;
    trap_28_validating_an_unknown_list: validate_list_resource_config { type_name } in validate_list_resource_config;
    trap_28_validating_an_unknown_action: validate_action_config { type_name } in validate_action_config;
    trap_28_planning_an_unknown_action: plan_action { action_type } in plan_action;
    trap_28_validating_an_unknown_state_store: validate_state_store_config { type_name } in validate_state_store;
    trap_28_locking_an_unknown_state_store: lock_state { type_name } in lock_state;
    trap_28_unlocking_an_unknown_state_store: unlock_state { type_name } in unlock_state;
    trap_28_listing_an_unknown_state_store: get_states { type_name } in get_states;
    trap_28_deleting_in_an_unknown_state_store: delete_state { type_name } in delete_state;
}

#[tokio::test]
async fn trap_28_listing_an_unknown_resource() {
    let request = list_resource::Request { type_name: NOWHERE.to_owned(), ..Default::default() };
    let mut events = client().await.list_resource(request).await.expect("an answer").into_inner();

    let event = events.message().await.expect("an event").expect("an event");
    assert!(only_error(&event.diagnostic).detail.contains(NOWHERE));
}

#[tokio::test]
async fn trap_28_writing_to_an_unknown_state_store() {
    let meta = Some(RequestChunkMeta { type_name: NOWHERE.to_owned(), state_id: "default".to_owned() });
    let chunks = [write_state_bytes::RequestChunk { meta, ..Default::default() }, Default::default()];
    let request = Request::new(tokio_stream::iter(chunks));

    let answer = client().await.write_state_bytes(request).await.expect("an answer").into_inner();

    assert!(only_error(&answer.diagnostics).detail.contains(NOWHERE));
}

#[tokio::test]
async fn trap_28_calling_an_unknown_function() {
    let request = call_function::Request { name: "nowhere".to_owned(), arguments: vec![] };
    let answer = client().await.call_function(request).await.expect("an answer").into_inner();

    assert!(answer.error.expect("an error").text.contains("nowhere"));
}
