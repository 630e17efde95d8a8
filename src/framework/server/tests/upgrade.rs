//! Tests of upgrades of saved states.

use serde_json::json;

use super::fixture::*;

#[tokio::test]
async fn a_state_of_the_present_version_is_passed_on_without_write_only_values() {
    let saved = json!({ "name": "a", "token": "secret", "removed_long_ago": 1 });

    let (state, diagnostics) = server(Behaviour::Good).await.upgrade_resource_state(THING, 2, saved);

    assert_eq!(state, Some(json!({ "name": "a", "token": null, "removed_long_ago": 1 })));
    assert!(diagnostics.is_empty());
}

#[tokio::test]
async fn an_older_state_is_upgraded_version_by_version() {
    let (state, _) = server(Behaviour::Good).await.upgrade_resource_state(THING, 0, json!({ "oldest_title": "a" }));

    assert_eq!(state.expect("a state")["name"], json!("a"));
}

#[tokio::test]
async fn a_newer_state_is_refused_with_what_to_do() {
    let (state, diagnostics) = server(Behaviour::Good).await.upgrade_resource_state(THING, 3, json!({}));

    assert_eq!(state, None);
    assert!(diagnostics.to_string().contains("saved by a newer version of the provider"));
}

#[tokio::test]
async fn a_state_that_cannot_be_upgraded_says_why() {
    let server = server(Behaviour::Good).await;

    assert_eq!(summaries(&server.upgrade_resource_state(THING, 1, json!({})).1), ["No title"]);
    assert_eq!(summaries(&server.upgrade_resource_state(THING, 2, json!(null)).1), ["The state cannot be read"]);
    assert_eq!(summaries(&server.upgrade_resource_state("test_nothing", 0, json!({})).1), ["Unknown resource"]);
}

#[tokio::test]
async fn an_identity_of_another_version_is_refused() {
    let server = server(Behaviour::Good).await;
    let saved = json!({ "name": "a" });

    assert_eq!(server.upgrade_resource_identity(THING, 0, saved.clone()).0, Some(saved.clone()));
    assert!(server.upgrade_resource_identity(THING, 1, saved).1.has_errors());
}
