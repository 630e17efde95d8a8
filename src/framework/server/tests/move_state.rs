//! Tests of states that move from other types.

use serde_json::json;

use super::fixture::*;
use crate::framework::*;

fn request(provider: &str, state: serde_json::Value) -> MoveRequest {
    MoveRequest {
        source_provider_address: provider.to_owned(),
        source_type_name: "other_thing".to_owned(),
        source_schema_version: 1,
        source_state: state,
        target_type_name: THING.to_owned(),
    }
}

#[tokio::test]
async fn moves_a_state_from_any_registry() {
    let server = server(Behavior::Good).await;

    for address in [
        "registry.terraform.io/hashicorp/other",
        "registry.opentofu.org/hashicorp/other",
        "mirror.example/Hashicorp/Other",
    ] {
        let response = server.move_resource_state(request(address, json!({ "title": "a" })));

        assert_eq!(response.target_state, Some(json!({ "name": "a", "token": null })));
        assert_eq!(response.identity, Some(identity("a")));
    }
}

#[tokio::test]
async fn moves_a_state_if_opentofu_names_this_provider_as_the_source() {
    let server = server(Behavior::Good).await;

    let response = server.move_resource_state(request("registry.opentofu.org/someone/test", json!({ "title": "a" })));

    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn rejects_a_state_that_no_move_supports() {
    let server = server(Behavior::Good).await;

    for request in [
        request("registry.terraform.io/someone/other", json!({ "title": "a" })),
        request("registry.terraform.io/hashicorp/other", json!({})),
    ] {
        let response = server.move_resource_state(request);

        assert_eq!(summaries(&response.diagnostics), ["Unable to move resource state"]);
        assert_eq!(response.target_state, None);
    }
}
