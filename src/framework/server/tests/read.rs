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

async fn read(behaviour: Behaviour, state: &State) -> ReadResponse {
    server(behaviour).await.read_resource(request(state.value().clone())).await
}

#[tokio::test]
async fn what_changed_is_in_the_state_and_the_rest_is_carried() {
    let response = read(Behaviour::Good, &existing()).await;

    assert_eq!(&response.new_state, existing().with(&ETAG, Some("2".to_owned())).value());
    assert_eq!((response.private, response.identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn another_spelling_is_no_drift() {
    let response = read(Behaviour::ShoutsLabel, &existing().with(&LABEL, Some("l".to_owned()))).await;

    assert_eq!(response.new_state.attribute("label"), &"l".into());
}

#[tokio::test]
async fn what_is_gone_is_null() {
    let response = read(Behaviour::Gone, &existing()).await;

    assert_eq!(response.new_state, Value::Null);
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn a_failed_read_changes_nothing() {
    for behaviour in [Behaviour::Fails, Behaviour::Panics] {
        let response = read(behaviour, &existing()).await;

        assert!(response.diagnostics.has_errors());
        assert_eq!(&response.new_state, existing().value());
        assert_eq!((response.private, response.identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    }
}

#[tokio::test]
async fn the_identity_of_an_object_stays() {
    let response = read(Behaviour::ChangesName, &existing()).await;

    assert!(response.diagnostics.to_string().contains("The identity of the object (`name`) changed"));
    assert_eq!(&response.new_state, existing().value());
}

#[tokio::test]
async fn a_state_without_identity_gets_one() {
    let request = ReadRequest { identity: None, ..request(existing().value().clone()) };

    let response = server(Behaviour::Good).await.read_resource(request).await;

    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn private_state_that_cannot_be_read_does_no_harm() {
    let request = ReadRequest { private: b"\xff{".to_vec(), ..request(existing().value().clone()) };

    let response = server(Behaviour::Good).await.read_resource(request).await;

    assert!(response.diagnostics.is_empty());
    assert_eq!(response.private, b"");
}

#[tokio::test]
async fn an_import_by_identity_alone_is_read_by_its_identity() {
    let response = server(Behaviour::Good).await.read_resource(request(Value::Null)).await;

    assert_eq!(response.new_state.attribute("name"), &"a".into());
    assert_eq!(response.new_state.attribute("etag"), &"2".into());
}

#[tokio::test]
async fn nothing_is_read_as_nothing() {
    let request = ReadRequest { identity: None, ..request(Value::Null) };

    let response = server(Behaviour::Good).await.read_resource(request).await;

    assert_eq!(response.new_state, Value::Null);
    assert!(response.diagnostics.is_empty());
}

#[tokio::test]
async fn an_error_about_the_time_is_at_the_timeout_for_reading() {
    let response = read(Behaviour::RunsOutOfTime, &existing()).await;

    assert_eq!(summaries(&response.diagnostics), ["timeouts.read: Too slow"]);
}
