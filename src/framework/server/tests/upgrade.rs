//! Tests of upgrades of saved states.

use serde_json::json;

use super::fixture::*;

#[tokio::test]
async fn removes_only_write_only_values_from_a_current_state() {
    let saved = json!({ "name": "a", "token": "secret", "removed": 1 });

    let (state, diagnostics) = server(Behavior::Good).await.upgrade_resource_state(THING, 2, saved);

    assert_eq!(state, Some(json!({ "name": "a", "token": null, "removed": 1 })));
    assert!(diagnostics.is_empty());
}

#[tokio::test]
async fn upgrades_an_older_state_version_by_version() {
    let (state, _) = server(Behavior::Good).await.upgrade_resource_state(THING, 0, json!({ "oldest_title": "a" }));

    assert_eq!(state.expect("a state")["name"], json!("a"));
}

#[tokio::test]
async fn rejects_a_newer_state_with_a_remedy() {
    let (state, diagnostics) = server(Behavior::Good).await.upgrade_resource_state(THING, 3, json!({}));

    assert_eq!(state, None);
    assert!(diagnostics.to_string().contains("saved by a newer version of the provider"));
}

#[tokio::test]
async fn reports_why_an_upgrade_failed() {
    let server = server(Behavior::Good).await;

    assert_eq!(summaries(&server.upgrade_resource_state(THING, 1, json!({})).1), ["No title"]);
    assert_eq!(summaries(&server.upgrade_resource_state(THING, 2, json!(null)).1), ["The state cannot be read"]);
    assert_eq!(summaries(&server.upgrade_resource_state("test_nothing", 0, json!({})).1), ["Unknown resource"]);
}

#[tokio::test]
async fn rejects_an_identity_of_another_version() {
    let server = server(Behavior::Good).await;
    let saved = json!({ "name": "a" });

    assert_eq!(server.upgrade_resource_identity(THING, 0, saved.clone()).0, Some(saved.clone()));
    assert!(server.upgrade_resource_identity(THING, 1, saved).1.has_errors());
}
