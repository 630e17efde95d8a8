//! Tests of certain and undecided replacements, during a plan and during an apply.

use super::fixture::*;
use crate::framework::*;

/// A server that has refreshed nothing, as during an apply.
async fn applying(behavior: Behavior) -> Server {
    server(behavior).await
}

async fn plan(server: &Server, config: &Config) -> PlanResponse {
    let request = PlanRequest { prior_private: PRIVATE.to_vec(), ..plan_request(config, Some(&existing())) };
    let response = server.plan_resource_change(request.clone()).await;
    let again = server.plan_resource_change(request).await;
    assert_eq!(format!("{response:?}"), format!("{again:?}"), "planning is repeatable");
    response
}

/// Plans without a refresh, and applies with a thing of the given behavior.
async fn apply(behavior: Behavior, config: &Config) -> ApplyResponse {
    let planned = plan(&applying(Behavior::Good).await, config).await;
    server(behavior).await.apply_resource_change(apply_request(config, Some(&existing()), &planned)).await
}

const PRIVATE: &[u8] = b"{\"token_length\":3}";

fn renamed() -> Config {
    config().with(&NAME, "b".to_owned())
}

fn paths(response: &PlanResponse) -> Vec<String> {
    response.requires_replace.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn known_change_plans_a_replacement() {
    let response = plan(&planning(Behavior::Good).await, &renamed()).await;

    assert_eq!(paths(&response), ["name"]);
    assert_eq!(response.planned_identity, Some(identity("b")));
    assert_eq!(summaries(&response.diagnostics), ["Replacement"]);
}

#[tokio::test]
async fn unknown_value_plans_an_update_with_computed_values_unknown() {
    for server in [planning(Behavior::Good).await, applying(Behavior::Good).await] {
        let response = plan(&server, &config().with_unknown(&NAME)).await;

        assert_eq!(paths(&response), Vec::<String>::new());
        assert_eq!(response.planned_identity, None);
        assert_eq!(summaries(&response.diagnostics), ["Undecided", "name: This change may replace the resource"]);
        for computed in ["id", "etag", "owner"] {
            assert_eq!(response.planned_state.attribute(computed), &Value::Unknown, "{computed}");
        }
        assert_eq!(response.planned_state.attribute("size"), &5.into());
    }
}

#[tokio::test]
async fn known_change_plans_a_replacement_despite_unknown_values() {
    let response = plan(&planning(Behavior::Good).await, &renamed().with_unknown(&OWNER)).await;

    assert_eq!(paths(&response), ["name"]);
    assert_eq!(summaries(&response.diagnostics), ["Replacement"]);
}

#[tokio::test]
async fn plans_no_change_if_an_unknown_value_stays_the_same() {
    let response = plan(&applying(Behavior::Good).await, &config()).await;

    assert_eq!(&response.planned_state, existing().value());
    assert_eq!((paths(&response), response.planned_private), (Vec::new(), PRIVATE.to_vec()));
}

#[tokio::test]
async fn change_during_apply_is_planned_as_an_update_to_a_new_object() {
    let before = plan(&planning(Behavior::PlansOwnerOfNew).await, &config().with_unknown(&NAME)).await;

    let after = plan(&applying(Behavior::PlansOwnerOfNew).await, &renamed()).await;

    assert_eq!(paths(&after), Vec::<String>::new());
    assert_eq!(summaries(&after.diagnostics), ["Replacement", "name: This update replaces the object"]);
    assert_eq!(after.planned_identity, Some(identity("b")));
    assert_eq!(after.planned_state.attribute("id"), &Value::Unknown);
    assert_eq!(after.planned_state.attribute("owner"), &"first".into());
    let schema = schema();
    assert_eq!(checks::result_matches_plan(schema.specs(), &before.planned_state, &after.planned_state), []);
}

#[tokio::test]
async fn create_plan_error_prevents_the_delete() {
    let response = plan(&applying(Behavior::Fails).await, &renamed()).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
}

#[tokio::test]
async fn reconfiguring_forgets_refreshed_objects() {
    let server = planning(Behavior::Good).await;
    configure(&server, Value::Null).await;

    let response = plan(&server, &renamed()).await;

    assert_eq!(paths(&response), Vec::<String>::new());
}

#[tokio::test]
async fn replacing_update_deletes_and_creates() {
    let response = apply(Behavior::Narrates, &renamed().with(&TOKEN, Some("secret".to_owned()))).await;

    let reported: Vec<_> = response
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.summary.as_str(), diagnostic.detail.as_str()))
        .collect();
    assert_eq!(reported, [("Deleting a", "Some(Number(3))"), ("Creating b", "Some(Number(3))")]);
    assert_eq!(response.new_state.attribute("id"), &"/things/b".into());
    assert_eq!(response.identity, Some(identity("b")));
    assert_eq!(response.private, b"{\"token_length\":6}", "the apply removes the marker");
}

#[tokio::test]
async fn failed_delete_keeps_the_object_and_creates_nothing() {
    for behavior in [Behavior::Fails, Behavior::Panics] {
        let response = apply(behavior, &renamed()).await;

        assert_eq!(response.diagnostics.len(), 1);
        assert_eq!(&response.new_state, existing().value());
        assert_eq!((response.private, response.identity), (PRIVATE.to_vec(), Some(identity("a"))));
    }
}

#[tokio::test]
async fn partly_failed_delete_saves_the_remaining_object() {
    let response = apply(Behavior::FailsHalfWay, &renamed()).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
    assert_eq!(response.new_state.attribute("etag"), &"gone".into());
    assert_eq!((response.private, response.identity), (PRIVATE.to_vec(), Some(identity("a"))));
}

#[tokio::test]
async fn failed_create_keeps_the_state_and_reports_the_deleted_object() {
    let response = apply(Behavior::CreateFails, &renamed()).await;

    let gone = "The replacement failed after the old object was deleted";
    assert_eq!(summaries(&response.diagnostics), ["Refused", gone]);
    assert_eq!(&response.new_state, existing().value());
    assert_eq!((response.private, response.identity), (PRIVATE.to_vec(), Some(identity("a"))));
}

#[tokio::test]
async fn partly_created_object_is_saved_and_replaced_by_the_next_plan() {
    for behavior in [Behavior::CreateFailsHalfWay, Behavior::CreatePanicsAfterCheckpoint] {
        let response = apply(behavior, &renamed()).await;

        assert_eq!(response.diagnostics.len(), 1);
        assert_eq!(response.new_state.attribute("id"), &"/things/b".into());
        assert_eq!(response.identity, Some(identity("b")));

        let server = server(Behavior::Good).await;
        let read = server
            .read_resource(ReadRequest {
                type_name: THING.to_owned(),
                current_state: response.new_state,
                private: response.private,
                identity: response.identity,
            })
            .await;
        let left = State::of(read.new_state, Private::default());
        let request = PlanRequest { prior_private: read.private.clone(), ..plan_request(&renamed(), Some(&left)) };
        let planned = server.plan_resource_change(request.clone()).await;
        assert_eq!(paths(&planned), ["id"]);
        assert_eq!(planned.planned_state.attribute("id"), &Value::Unknown);
        assert_eq!(planned.planned_private, b"{\"token_length\":0}", "the plan removes the marker");

        let in_apply = applying(Behavior::Good).await.plan_resource_change(request).await;
        let warning = in_apply.diagnostics.iter().find(|warning| warning.summary == "This update replaces the object");
        assert!(warning.is_some_and(|warning| warning.detail.contains("because it was not created completely")));
        let request = apply_request(&renamed(), Some(&left), &in_apply);
        let repaired = applying(Behavior::Narrates).await.apply_resource_change(request).await;
        assert_eq!(summaries(&repaired.diagnostics), ["Deleting b", "Creating b"]);
        assert_eq!(repaired.private, b"{\"token_length\":0}");
    }
}

#[tokio::test(start_paused = true)]
async fn stop_during_the_delete_prevents_the_create() {
    let planned = plan(&applying(Behavior::Good).await, &renamed()).await;
    let server = server(Behavior::DeletesUntilCancelled).await;

    let (response, ()) =
        tokio::join!(server.apply_resource_change(apply_request(&renamed(), Some(&existing()), &planned)), async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            server.stop();
        });

    let gone = "The replacement failed after the old object was deleted";
    assert_eq!(summaries(&response.diagnostics), ["The operation was canceled", gone]);
    assert_eq!(&response.new_state, existing().value());
}

#[tokio::test]
async fn replacing_update_requires_a_configured_provider() {
    let planned = plan(&applying(Behavior::Good).await, &renamed()).await;
    let server = Server::new(TestProvider(Behavior::Good)).expect("a valid provider");

    let response = server.apply_resource_change(apply_request(&renamed(), Some(&existing()), &planned)).await;

    assert_eq!(summaries(&response.diagnostics), ["The provider is not configured"]);
    assert_eq!((&response.new_state, response.private), (existing().value(), PRIVATE.to_vec()));
}
