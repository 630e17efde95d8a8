//! Tests of refreshes.

use super::fixture::*;
use crate::framework::*;

fn request(state: Value) -> ReadRequest {
    ReadRequest {
        type_name: THING.to_owned(),
        current_state: state,
        private: b"{\"a\":1}".to_vec(),
        identity: Some(identity("a")),
    }
}

async fn read(behavior: Behavior, state: &State) -> ReadResponse {
    server(behavior).await.read_resource(request(state.value().clone())).await
}

#[tokio::test]
async fn read_updates_changed_attributes_and_keeps_the_others() {
    let response = read(Behavior::Good, &existing()).await;

    assert_eq!(&response.new_state, existing().with(&ETAG, Some("2".to_owned())).value());
    assert_eq!((response.private, response.identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn another_spelling_is_not_drift() {
    let response = read(Behavior::ShoutsLabel, &existing().with(&LABEL, Some("l".to_owned()))).await;

    assert_eq!(response.new_state.attribute("label"), &"l".into());
}

#[tokio::test]
async fn read_of_a_missing_object_returns_null() {
    let response = read(Behavior::Gone, &existing()).await;

    assert_eq!(response.new_state, Value::Null);
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn failed_read_keeps_the_state() {
    for behavior in [Behavior::Fails, Behavior::Panics] {
        let response = read(behavior, &existing()).await;

        assert!(response.diagnostics.has_errors());
        assert_eq!(&response.new_state, existing().value());
        assert_eq!((response.private, response.identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    }
}

#[tokio::test]
async fn read_keeps_the_identity() {
    let response = read(Behavior::ChangesName, &existing()).await;

    assert!(response.diagnostics.to_string().contains("The identity of the object (`name`) changed"));
    assert_eq!(&response.new_state, existing().value());
}

#[tokio::test]
async fn read_adds_a_missing_identity() {
    let request = ReadRequest { identity: None, ..request(existing().value().clone()) };

    let response = server(Behavior::Good).await.read_resource(request).await;

    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn malformed_private_state_is_ignored() {
    let request = ReadRequest { private: b"\xff{".to_vec(), ..request(existing().value().clone()) };

    let response = server(Behavior::Good).await.read_resource(request).await;

    assert!(response.diagnostics.is_empty());
    assert_eq!(response.private, b"");
}

#[tokio::test]
async fn reads_an_object_imported_by_identity() {
    let response = server(Behavior::Good).await.read_resource(request(Value::Null)).await;

    assert_eq!(response.new_state.attribute("name"), &"a".into());
    assert_eq!(response.new_state.attribute("etag"), &"2".into());
}

#[tokio::test]
async fn read_of_a_null_state_returns_null() {
    let request = ReadRequest { identity: None, ..request(Value::Null) };

    let response = server(Behavior::Good).await.read_resource(request).await;

    assert_eq!(response.new_state, Value::Null);
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn timeout_error_is_reported_on_the_read_timeout() {
    let response = read(Behavior::RunsOutOfTime, &existing()).await;

    assert_eq!(summaries(&response.diagnostics), ["timeouts.read: Too slow"]);
}
