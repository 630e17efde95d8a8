//! Tests of plans.

use super::fixture::*;
use crate::framework::*;

async fn plan(config: Config, prior: Option<&State>) -> PlanResponse {
    let server = server(Behavior::Good).await;
    if let Some(prior) = prior {
        refresh(&server, prior).await;
    }
    let response = server.plan_resource_change(plan_request(&config, prior)).await;
    assert!(!response.diagnostics.has_errors(), "{}", response.diagnostics);
    response
}

fn paths(response: &PlanResponse) -> Vec<String> {
    response.requires_replace.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn create_plan_has_only_computed_attributes_unknown() {
    let rules = vec![Permission { action: "allow".to_owned(), number: None }];
    let planned = plan(config().with(&RULES, Some(rules)), None).await.planned_state;

    assert_eq!(planned.attribute("name"), &"a".into());
    assert_eq!(planned.attribute("size"), &5.into());
    assert_eq!(planned.attribute("label"), &Value::Null);
    assert_eq!(planned.attribute("owner"), &Value::Unknown);
    assert_eq!(planned.attribute("id"), &Value::Unknown);
    assert_eq!(planned.at(&RULES.path().index(0).child("number")), Some(&Value::Unknown));
    assert_eq!(planned.at(&RULES.path().index(0).child("action")), Some(&"allow".into()));
}

#[tokio::test]
async fn unchanged_config_plans_no_change() {
    let response = plan(config(), Some(&existing())).await;

    assert_eq!(&response.planned_state, existing().value());
    assert_eq!(response.requires_replace, []);
}

#[tokio::test]
async fn another_spelling_plans_no_change() {
    let response = plan(config().with(&NAME, "A".to_owned()), Some(&existing())).await;

    assert_eq!(&response.planned_state, existing().value());
}

#[tokio::test]
async fn update_plan_keeps_use_state_for_unknown_attributes() {
    let planned = plan(config().with(&LABEL, Some("l".to_owned())), Some(&existing())).await.planned_state;

    assert_eq!(planned.attribute("etag"), &Value::Unknown);
    assert_eq!(planned.attribute("id"), &"/things/a".into());
    assert_eq!(planned.attribute("owner"), &"nobody".into());
}

#[tokio::test]
async fn plans_the_default_after_drift() {
    let planned = plan(config(), Some(&existing().with(&SIZE, 7))).await.planned_state;

    assert_eq!(planned.attribute("size"), &5.into());
}

#[tokio::test]
async fn timeouts_change_keeps_computed_attributes() {
    let mut config = config().value().clone();
    if let Value::Object(attributes) = &mut config {
        let timeouts =
            [("create", "1h".into()), ("read", Value::Null), ("update", Value::Null), ("delete", Value::Null)];
        attributes.insert("timeouts".to_owned(), Value::object(timeouts));
    }
    let mut request = plan_request(&super::fixture::config(), Some(&existing()));
    request.proposed_new_state = engine::plan::propose_new_state(&schema(), &config, existing().value());
    request.config = config;

    let response = server(Behavior::Good).await.plan_resource_change(request).await;

    assert_eq!(response.planned_state.attribute("etag"), &"1".into());
    assert_eq!(response.planned_state.attribute("timeouts").attribute("create"), &"1h".into());
}

#[tokio::test]
async fn unconfigured_computed_attribute_does_not_require_replacement() {
    let prior = existing().with(&OWNER, None);

    let response = plan(config().with(&LABEL, Some("l".to_owned())), Some(&prior)).await;

    assert_eq!(response.planned_state.attribute("owner"), &Value::Unknown);
    assert_eq!(paths(&response), Vec::<String>::new());
}

#[tokio::test]
async fn second_plan_of_a_replacement_keeps_the_private_state() {
    let server = planning(Behavior::PlansOwner).await;
    let config = config().with(&NAME, "b".to_owned());
    let first = server.plan_resource_change(plan_request(&config, Some(&existing()))).await;
    assert_eq!(paths(&first), ["name", "owner"]);

    let second = server
        .plan_resource_change(PlanRequest {
            prior_private: first.planned_private.clone(),
            prior_identity: first.planned_identity.clone(),
            ..plan_request(&config, None)
        })
        .await;

    assert_eq!(summaries(&second.diagnostics), Vec::<String>::new());
    assert_eq!(second.planned_private, first.planned_private);
    assert_eq!(second.planned_identity, Some(identity("b")));
    assert_eq!(second.requires_replace, []);
    assert_eq!(second.planned_state.attribute("id"), &Value::Unknown);
}

#[tokio::test]
async fn plan_during_apply_only_makes_unknown_values_known() {
    let server = planning(Behavior::Good).await;
    let before = server.plan_resource_change(plan_request(&config().with_unknown(&LABEL), Some(&existing()))).await;

    let config = config().with(&LABEL, Some("l".to_owned()));
    let after = server.plan_resource_change(plan_request(&config, Some(&existing()))).await;

    let violations = checks::result_matches_plan(schema().specs(), &before.planned_state, &after.planned_state);
    assert_eq!(violations, []);
    assert_eq!(before.requires_replace, after.requires_replace);
}

#[tokio::test]
async fn omits_write_only_values() {
    let planned = plan(config().with(&TOKEN, Some("secret".to_owned())), None).await.planned_state;

    assert_eq!(planned.attribute("token"), &Value::Null);
}

#[tokio::test]
async fn reports_a_planned_value_that_contradicts_the_config() {
    let server = server(Behavior::PlansLabel).await;

    let response = server.plan_resource_change(plan_request(&config(), None)).await;

    assert_eq!(summaries(&response.diagnostics), ["label: Internal error of the provider"]);
}

#[tokio::test]
async fn returns_the_error_of_the_plan_function() {
    let response = server(Behavior::Fails).await.plan_resource_change(plan_request(&config(), None)).await;

    assert_eq!(summaries(&response.diagnostics), ["Refused"]);
}

#[tokio::test]
async fn explains_how_to_destroy_only_if_the_error_blocks_a_destroy() {
    let existing = existing();
    let destroy = PlanRequest {
        config: Value::Null,
        proposed_new_state: Value::Null,
        ..plan_request(&config(), Some(&existing))
    };
    let second_plan_of_a_replacement = PlanRequest { prior_private: b"{}".to_vec(), ..plan_request(&config(), None) };
    for (request, has_hint) in [
        (plan_request(&config(), Some(&existing)), true),
        (second_plan_of_a_replacement, true),
        (plan_request(&config(), None), false),
        (destroy, false),
    ] {
        let response = server(Behavior::Fails).await.plan_resource_change(request).await;

        assert_eq!(summaries(&response.diagnostics), ["Refused"]);
        let detail = &response.diagnostics.iter().next().expect("an error").detail;
        assert_eq!(detail.ends_with("but not `terraform destroy -refresh=false`."), has_hint, "{detail}");
    }
}

#[tokio::test]
async fn reports_a_panic_in_the_plan_function() {
    let response = server(Behavior::Panics).await.plan_resource_change(plan_request(&config(), None)).await;

    assert_eq!(summaries(&response.diagnostics), ["Internal error of the provider"]);
}

#[tokio::test(start_paused = true)]
async fn stops_the_plan_function_at_its_deadline() {
    let response = server(Behavior::Hangs).await.plan_resource_change(plan_request(&config(), None)).await;

    assert_eq!(summaries(&response.diagnostics), ["timeouts.read: The operation timed out"]);
}

#[tokio::test]
async fn passes_no_client_if_provider_arguments_are_unknown() {
    let server = server(Behavior::PlansOwner).await;
    configure(&server, Value::Unknown).await;

    let response = server.plan_resource_change(plan_request(&config(), None)).await;

    assert_eq!(summaries(&response.diagnostics), Vec::<String>::new());
    assert_eq!(response.planned_state.attribute("owner"), &Value::Null);
}

#[tokio::test]
async fn destroy_plan_is_null_and_may_warn() {
    let request = PlanRequest {
        config: Value::Null,
        proposed_new_state: Value::Null,
        prior_private: b"{\"a\":1}".to_vec(),
        ..plan_request(&config(), Some(&existing()))
    };

    let response = server(Behavior::Good).await.plan_resource_change(request).await;

    assert_eq!(response.planned_state, Value::Null);
    assert_eq!((response.planned_private, response.planned_identity), (b"{\"a\":1}".to_vec(), Some(identity("a"))));
    assert_eq!(summaries(&response.diagnostics), ["Destruction"]);
}

#[tokio::test]
async fn reports_an_unknown_resource_type() {
    let request = PlanRequest { type_name: "test_nothing".to_owned(), ..plan_request(&config(), None) };

    let response = server(Behavior::Good).await.plan_resource_change(request).await;

    assert!(response.diagnostics.to_string().contains("\"test_nothing\""));
}
