//! Tests of create, update and delete.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::fixture::*;
use crate::framework::*;

/// Plans with a correct resource, and applies with a resource of the given behavior.
async fn apply(behavior: Behavior, config: Config, prior: Option<&State>) -> ApplyResponse {
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config, prior)).await;
    server(behavior).await.apply_resource_change(apply_request(&config, prior, &plan)).await
}

async fn delete(behavior: Behavior) -> ApplyResponse {
    let request = ApplyRequest {
        type_name: THING.to_owned(),
        prior_state: existing().value().clone(),
        planned_state: Value::Null,
        config: Value::Null,
        planned_private: b"{\"a\":1}".to_vec(),
        planned_identity: Some(identity("a")),
    };
    server(behavior).await.apply_resource_change(request).await
}

fn labelled() -> Config {
    config().with(&LABEL, Some("l".to_owned()))
}

#[tokio::test]
async fn create_returns_state_identity_and_private_state() {
    let response = apply(Behavior::Good, config().with(&TOKEN, Some("secret".to_owned())), None).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!(&response.new_state, existing().value());
    assert_eq!(response.identity, Some(identity("a")));
    // The resource received the token, and the token is not saved.
    assert_eq!(response.private, b"{\"token_length\":6}");
}

#[tokio::test]
async fn create_sets_nested_computed_values() {
    let rules = vec![
        Permission { action: "allow".to_owned(), number: None },
        Permission { action: "deny".to_owned(), number: Some(7) },
    ];

    let response = apply(Behavior::Good, config().with(&RULES, Some(rules)), None).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!(response.new_state.at(&RULES.path().index(0).child("number")), Some(&0.into()));
    assert_eq!(response.new_state.at(&RULES.path().index(1).child("number")), Some(&7.into()));
}

#[tokio::test]
async fn apply_rejects_unknown_configured_values() {
    let config = labelled();
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config, None)).await;
    let known = apply_request(&config, None, &plan);
    let without = |object: &Value| {
        let Value::Object(mut attributes) = object.clone() else { panic!("an object") };
        attributes.insert(LABEL.name().to_owned(), Value::Unknown);
        Value::Object(attributes)
    };
    for request in [
        ApplyRequest { planned_state: without(&known.planned_state), ..known.clone() },
        ApplyRequest { config: without(&known.config), ..known.clone() },
        ApplyRequest { planned_state: Value::Unknown, ..known.clone() },
    ] {
        let response = server(Behavior::Good).await.apply_resource_change(request).await;

        let summaries = summaries(&response.diagnostics);
        assert!(summaries.len() == 1 && summaries[0].ends_with("The plan contains unknown values"), "{summaries:?}");
        assert_eq!(response.new_state, Value::Null);
    }
}

#[tokio::test]
async fn apply_keeps_the_planned_spelling() {
    let response = apply(Behavior::ShoutsLabel, labelled(), None).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!(response.new_state.attribute("label"), &"l".into());
}

#[tokio::test]
async fn failed_create_without_a_checkpoint_saves_no_state() {
    let response = apply(Behavior::Fails, config(), None).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
    assert_eq!(response.new_state, Value::Null);
}

#[tokio::test]
async fn failed_create_saves_its_last_checkpoint() {
    let response = apply(Behavior::FailsHalfWay, config(), None).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
    assert_eq!(response.new_state.attribute("id"), &"/things/a".into());
    assert_eq!(response.new_state.attribute("etag"), &Value::Null);
    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn panic_in_create_saves_the_last_checkpoint() {
    let response = apply(Behavior::PanicsAfterCheckpoint, config(), None).await;

    assert_eq!(summaries(&response.diagnostics), ["Internal error of the provider"]);
    assert!(response.diagnostics.to_string().contains("on request"));
    assert_eq!(response.new_state.attribute("id"), &"/things/a".into());
    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test(start_paused = true)]
async fn timeout_in_create_saves_the_last_checkpoint() {
    let begin = tokio::time::Instant::now();

    let response = apply(Behavior::HangsAfterCheckpoint, config(), None).await;

    assert_eq!(summaries(&response.diagnostics), ["timeouts.create: The operation timed out"]);
    assert_eq!(response.new_state.attribute("id"), &"/things/a".into());
    assert!(begin.elapsed() < Duration::from_secs(31 * 60));
}

#[tokio::test(start_paused = true)]
async fn stop_cancels_only_running_calls() {
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config(), None)).await;
    let server = server(Behavior::HangsAfterCheckpoint).await;
    let request = apply_request(&config(), None, &plan);

    let (response, ()) = tokio::join!(server.apply_resource_change(request.clone()), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.stop();
    });

    assert_eq!(summaries(&response.diagnostics), ["The operation was canceled"]);
    assert_eq!(response.new_state.attribute("id"), &"/things/a".into());
    assert_eq!(
        summaries(&server.apply_resource_change(request).await.diagnostics),
        ["timeouts.create: The operation timed out"]
    );
}

#[tokio::test(start_paused = true)]
async fn abandoned_server_cancels_running_and_later_calls() {
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config(), None)).await;
    let abandoned = CancellationToken::new();
    let server = server(Behavior::HangsAfterCheckpoint).await.until(abandoned.clone());
    let request = apply_request(&config(), None, &plan);

    let (response, ()) = tokio::join!(server.apply_resource_change(request.clone()), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        abandoned.cancel();
    });

    assert_eq!(summaries(&response.diagnostics), ["The operation was canceled"]);
    assert_eq!(summaries(&server.apply_resource_change(request).await.diagnostics), ["The operation was canceled"]);
}

#[tokio::test]
async fn unset_computed_attribute_is_reported_and_saved_as_null() {
    let response = apply(Behavior::Forgets, config(), None).await;

    assert_eq!(
        summaries(&response.diagnostics),
        ["etag: Internal error of the provider", "owner: Internal error of the provider"]
    );
    assert_eq!(response.new_state.attribute("etag"), &Value::Null);
    assert_eq!(response.new_state.attribute("id"), &"/things/a".into());
}

#[tokio::test]
async fn result_that_differs_from_the_plan_is_reported_and_saved() {
    let response = apply(Behavior::ChangesLabel, labelled(), None).await;

    assert_eq!(summaries(&response.diagnostics), ["label: Internal error of the provider"]);
    assert_eq!(response.new_state.attribute("label"), &"other".into());
}

#[tokio::test]
async fn failed_update_returns_the_prior_state() {
    let prior = existing();

    let response = apply(Behavior::Fails, labelled(), Some(&prior)).await;

    assert_eq!(&response.new_state, prior.value());
    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn panic_in_update_returns_the_prior_state() {
    let response = apply(Behavior::Panics, labelled(), Some(&existing())).await;

    assert_eq!(summaries(&response.diagnostics), ["Internal error of the provider"]);
    assert_eq!(&response.new_state, existing().value());
}

#[tokio::test]
async fn update_keeps_the_identity() {
    let response = apply(Behavior::ChangesName, labelled(), Some(&existing())).await;

    assert!(response.diagnostics.to_string().contains("The identity of the object (`name`) changed"));
    assert_eq!(response.identity, Some(identity("a")));
}

#[tokio::test]
async fn delete_removes_the_state() {
    let response = delete(Behavior::Good).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!((response.new_state, response.private), (Value::Null, Vec::new()));
}

#[tokio::test]
async fn failed_delete_keeps_the_state() {
    for behavior in [Behavior::Fails, Behavior::Panics] {
        let response = delete(behavior).await;

        assert!(response.diagnostics.has_errors());
        assert_eq!(&response.new_state, existing().value());
        assert_eq!((response.private, response.identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    }
}

#[tokio::test]
async fn failed_delete_saves_its_last_checkpoint() {
    let response = delete(Behavior::FailsHalfWay).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
    assert_eq!(response.new_state.attribute("etag"), &"gone".into());
}

#[tokio::test]
async fn timeouts_change_is_saved_without_calling_update() {
    let hour = Value::object([
        ("create", "1h".into()),
        ("read", Value::Null),
        ("update", Value::Null),
        ("delete", Value::Null),
    ]);
    let with_hour = |state: &Value| {
        let Value::Object(mut attributes) = state.clone() else { panic!("it is an object") };
        attributes.insert("timeouts".to_owned(), hour.clone());
        Value::Object(attributes)
    };
    let request = ApplyRequest {
        type_name: THING.to_owned(),
        prior_state: existing().value().clone(),
        planned_state: with_hour(existing().value()),
        config: with_hour(config().value()),
        planned_private: Vec::new(),
        planned_identity: Some(identity("a")),
    };

    let response = server(Behavior::Fails).await.apply_resource_change(request).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!(response.new_state.attribute("timeouts"), &hour);
}

#[tokio::test]
async fn timeouts_block_limits_the_operation() {
    let timeouts = Value::object([
        ("create", "3s".into()),
        ("read", Value::Null),
        ("update", Value::Null),
        ("delete", Value::Null),
    ]);
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config(), None)).await;
    let mut request = apply_request(&config(), None, &plan);
    if let Value::Object(attributes) = &mut request.planned_state {
        attributes.insert("timeouts".to_owned(), timeouts);
    }
    let server = server(Behavior::Hangs).await;
    tokio::time::pause();
    let begin = tokio::time::Instant::now();

    let response = server.apply_resource_change(request).await;

    assert_eq!(summaries(&response.diagnostics), ["timeouts.create: The operation timed out"]);
    assert_eq!(begin.elapsed().as_secs(), 8, "three seconds, and a grace period of five");
}

#[tokio::test]
async fn timeout_error_is_reported_on_the_timeout_of_its_operation() {
    let slow = server(Behavior::RunsOutOfTime).await;
    let plan = server(Behavior::Good).await.plan_resource_change(plan_request(&config(), None)).await;
    let existing = existing();

    let created = slow.apply_resource_change(apply_request(&config(), None, &plan)).await.diagnostics;
    let updated = slow.apply_resource_change(apply_request(&config(), Some(&existing), &plan)).await.diagnostics;
    let deleted = delete(Behavior::RunsOutOfTime).await.diagnostics;
    let planned = slow.plan_resource_change(plan_request(&config(), None)).await.diagnostics;

    for (diagnostics, expected) in [
        (created, "timeouts.create: Too slow"),
        (updated, "timeouts.update: Too slow"),
        (deleted, "timeouts.delete: Too slow"),
        (planned, "timeouts.read: Too slow"),
    ] {
        assert_eq!(summaries(&diagnostics), [expected]);
    }
}
