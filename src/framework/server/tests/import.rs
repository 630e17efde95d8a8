//! Tests of imports and of the read that follows.

use super::fixture::*;
use crate::framework::*;

fn request(id: &str, identity: Option<Value>) -> ImportRequest {
    ImportRequest { type_name: THING.to_owned(), id: id.to_owned(), identity }
}

#[tokio::test]
async fn import_by_id_returns_a_readable_state() {
    let server = server(Behavior::Good).await;

    let imported = server.import_resource_state(request("a", None)).await;
    let size = imported.state.as_ref().expect("a state").attribute("size").clone();
    let read = server
        .read_resource(ReadRequest {
            type_name: THING.to_owned(),
            current_state: imported.state.expect("a state"),
            private: imported.private,
            identity: imported.identity.clone(),
        })
        .await;

    assert_eq!(imported.identity, Some(identity("a")));
    assert_eq!(size, 5.into(), "an optional attribute has its default");
    assert_eq!(read.new_state.attribute("etag"), &"2".into());
    assert_eq!(read.private, b"", "the read removes the marker of the import");
}

#[tokio::test]
async fn import_by_identity_returns_the_identity() {
    let imported = server(Behavior::Good).await.import_resource_state(request("", Some(identity("A")))).await;

    assert_eq!(imported.identity, Some(identity("A")));
    assert_eq!(imported.state.expect("a state").attribute("name"), &"A".into());
}

#[tokio::test]
async fn read_after_import_may_correct_the_identity() {
    let imported = server(Behavior::Good).await.import_resource_state(request("a", None)).await;

    let read = server(Behavior::ChangesName)
        .await
        .read_resource(ReadRequest {
            type_name: THING.to_owned(),
            current_state: imported.state.expect("a state"),
            private: imported.private,
            identity: imported.identity,
        })
        .await;

    assert_eq!(summaries(&read.diagnostics), Vec::<String>::new());
    assert_eq!(read.identity, Some(identity("other")));
}

#[tokio::test]
async fn import_without_id_and_identity_is_an_error() {
    let imported = server(Behavior::Good).await.import_resource_state(request("", None)).await;

    assert_eq!(summaries(&imported.diagnostics), ["Missing import ID"]);
}

#[tokio::test]
async fn import_that_sets_no_attribute_is_an_error() {
    let imported = server(Behavior::Forgets).await.import_resource_state(request("a", None)).await;

    assert_eq!(summaries(&imported.diagnostics), ["Internal error of the provider"]);
    assert_eq!(imported.state, None);
}
