//! Tests of calls for types that do not exist, including all kinds of types that the provider does not support.

use terraform_provider_sentinel::protocol::proto::*;
use tonic::Request;

use crate::client::{Client, only_error};

/// A type that the provider does not have.
const UNKNOWN: &str = "echo_unknown";

/// Asserts for each call that the error for an unknown type names the type.
macro_rules! assert_errors {
    ($($call:ident($message:ident.$type_name:ident),)*) => {
        let mut client = Client::start().await;
        $(
            let mut request = $message::Request::default();
            request.$type_name = UNKNOWN.to_owned();
            let response = client.grpc.$call(request).await.expect(stringify!($call)).into_inner();
            let error = only_error(&response.diagnostics);
            assert!(error.detail.contains(UNKNOWN), "{}: {error:?}", stringify!($call));
        )*
    };
}

#[tokio::test]
async fn error_names_an_unknown_type() {
    assert_errors! {
        validate_resource_config(validate_resource_config.type_name),
        upgrade_resource_state(upgrade_resource_state.type_name),
        upgrade_resource_identity(upgrade_resource_identity.type_name),
        read_resource(read_resource.type_name),
        plan_resource_change(plan_resource_change.type_name),
        apply_resource_change(apply_resource_change.type_name),
        import_resource_state(import_resource_state.type_name),
        move_resource_state(move_resource_state.target_type_name),
        generate_resource_config(generate_resource_config.type_name),
        validate_data_resource_config(validate_data_resource_config.type_name),
        read_data_source(read_data_source.type_name),
        validate_ephemeral_resource_config(validate_ephemeral_resource_config.type_name),
        open_ephemeral_resource(open_ephemeral_resource.type_name),
        renew_ephemeral_resource(renew_ephemeral_resource.type_name),
        close_ephemeral_resource(close_ephemeral_resource.type_name),
        validate_list_resource_config(validate_list_resource_config.type_name),
        validate_action_config(validate_action_config.type_name),
        plan_action(plan_action.action_type),
        validate_state_store_config(validate_state_store.type_name),
        lock_state(lock_state.type_name),
        unlock_state(unlock_state.type_name),
        get_states(get_states.type_name),
        delete_state(delete_state.type_name),
    }
}

#[tokio::test]
async fn error_names_an_unknown_function() {
    let response = Client::start().await.call("unknown", vec![]).await;

    assert!(response.error.expect("an error").text.contains("unknown"));
}

#[tokio::test]
async fn error_names_an_unknown_list_resource() {
    let request = list_resource::Request { type_name: UNKNOWN.to_owned(), ..Default::default() };
    let mut events = Client::start().await.grpc.list_resource(request).await.expect("a response").into_inner();

    let event = events.message().await.expect("an event").expect("an event");
    assert!(only_error(&event.diagnostic).detail.contains(UNKNOWN));
}

#[tokio::test]
async fn error_names_an_unknown_state_store_in_a_write() {
    let meta = Some(RequestChunkMeta { type_name: UNKNOWN.to_owned(), state_id: "default".to_owned() });
    let chunks = [write_state_bytes::RequestChunk { meta, ..Default::default() }, Default::default()];
    let request = Request::new(tokio_stream::iter(chunks));

    let response = Client::start().await.grpc.write_state_bytes(request).await.expect("a response").into_inner();

    assert!(only_error(&response.diagnostics).detail.contains(UNKNOWN));
}

#[tokio::test]
async fn unknown_action_completes_with_an_error() {
    let request = invoke_action::Request { action_type: UNKNOWN.to_owned(), ..Default::default() };
    let mut events = Client::start().await.grpc.invoke_action(request).await.expect("a response").into_inner();

    let event = events.message().await.expect("an event").expect("an event");
    let Some(invoke_action::event::Type::Completed(completed)) = event.r#type else {
        panic!("not completed: {event:?}");
    };
    assert!(only_error(&completed.diagnostics).detail.contains(UNKNOWN));
    assert_eq!(events.message().await.expect("the end"), None);
}

#[tokio::test]
async fn unknown_state_store_returns_a_chunk_with_a_range() {
    let request = read_state_bytes::Request { type_name: UNKNOWN.to_owned(), ..Default::default() };
    let mut chunks = Client::start().await.grpc.read_state_bytes(request).await.expect("a response").into_inner();

    let chunk = chunks.message().await.expect("a chunk").expect("a chunk");
    assert!(chunk.range.is_some());
    assert!(only_error(&chunk.diagnostics).detail.contains(UNKNOWN));
}

#[tokio::test]
async fn unknown_state_store_returns_capabilities() {
    let request = configure_state_store::Request { type_name: UNKNOWN.to_owned(), ..Default::default() };
    let response = Client::start().await.grpc.configure_state_store(request).await.expect("a response").into_inner();

    assert!(response.capabilities.is_some());
    assert!(only_error(&response.diagnostics).detail.contains(UNKNOWN));
}
