//! Tests of configuration checks.

use super::fixture::*;
use crate::framework::*;

async fn validate(config: Value) -> Vec<String> {
    summaries(&server(Behavior::Good).await.validate_resource_config(THING, config, true))
}

fn with(changes: &[(&str, Value)]) -> Value {
    let Value::Object(mut attributes) = config().value().clone() else { panic!("it is an object") };
    attributes.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(attributes)
}

fn rule(action: Value) -> Value {
    Value::object([("action", action), ("number", Value::Null)])
}

#[tokio::test]
async fn accepts_a_valid_config() {
    assert_eq!(validate(with(&[])).await, Vec::<String>::new());
}

#[tokio::test]
async fn reports_every_error_on_its_path() {
    let config = with(&[
        ("name", "".into()),
        ("size", 11.into()),
        ("id", "mine".into()),
        ("rules", Value::List(vec![rule("allow".into()), rule("maybe".into()), rule(Value::Null)])),
        ("port", Value::List(vec![Value::object([("number", Value::Null)])])),
        ("timeouts", Value::object([("create", "soon".into())])),
    ]);

    assert_eq!(
        validate(config).await,
        [
            "name: Invalid value",
            "size: Invalid value",
            "rules[1].action: Invalid value",
            "rules[2].action: Missing argument",
            "id: Read-only attribute",
            "port[0].number: Missing argument",
            "timeouts.create: Invalid duration",
        ]
    );
}

#[tokio::test]
async fn nested_error_names_the_nested_attribute_in_its_text() {
    let config = with(&[("rules", Value::List(vec![rule("maybe".into())]))]);

    let diagnostics = server(Behavior::Good).await.validate_resource_config(THING, config, true);

    let details: Vec<_> = diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect();
    assert!(details[0].starts_with("At `rules[0].action`: "), "{details:?}");
}

#[tokio::test]
async fn accepts_unknown_values_at_any_depth() {
    let unknown = schema().specs().iter().map(|spec| (spec.name, Value::Unknown)).collect::<Vec<_>>();
    let partly = with(&[
        ("tags", Value::List(vec![Value::Unknown])),
        ("rules", Value::List(vec![Value::Unknown, rule(Value::Unknown)])),
        ("port", Value::Unknown),
    ]);

    assert_eq!(validate(partly).await, Vec::<String>::new());
    let computed = ["id", "etag"];
    let configurable = unknown.into_iter().filter(|(name, _)| !computed.contains(name)).collect::<Vec<_>>();
    assert_eq!(validate(with(&configurable)).await, Vec::<String>::new());
}

#[tokio::test]
async fn checks_known_elements_despite_unknown_ones() {
    let config = with(&[("tags", Value::List(vec![Value::Unknown, 1.into()]))]);

    assert_eq!(validate(config).await, ["tags[1]: Wrong type of value"]);
}

#[tokio::test]
async fn checks_rules_between_attributes() {
    assert_eq!(validate(with(&[("label", "a".into())])).await, ["label: Name and label are equal"]);
}

#[tokio::test]
async fn reports_rule_and_attribute_errors_together() {
    let config = with(&[("label", "a".into()), ("size", 11.into())]);

    assert_eq!(validate(config).await, ["size: Invalid value", "label: Name and label are equal"]);
}

#[tokio::test]
async fn skips_rules_for_an_invalid_attribute() {
    assert_eq!(validate(with(&[("name", "".into()), ("label", true.into())])).await.len(), 2);
}

#[tokio::test]
async fn write_only_values_require_client_support() {
    let server = server(Behavior::Good).await;
    let config = with(&[("token", "secret".into())]);

    assert_eq!(summaries(&server.validate_resource_config(THING, config.clone(), true)), Vec::<String>::new());
    let rejected = server.validate_resource_config(THING, config, false);
    assert_eq!(summaries(&rejected), ["token: Write-only attribute not supported"]);
}

#[tokio::test]
async fn reports_a_panic_in_a_check() {
    let diagnostics = server(Behavior::Panics).await.validate_resource_config(THING, with(&[]), true);

    assert_eq!(summaries(&diagnostics), ["Internal error of the provider"]);
}

#[tokio::test]
async fn reports_unknown_resource_types() {
    let server = server(Behavior::Good).await;

    for diagnostics in [
        server.validate_resource_config("test_nothing", Value::Null, true),
        server.validate_data_source_config("test_nothing", Value::Null),
    ] {
        assert!(diagnostics.to_string().contains("\"test_nothing\""));
    }
}

#[tokio::test]
async fn error_hides_an_invalid_secret() {
    let config = with(&[("token", "much-too-long-a-secret".into())]);

    let diagnostics = server(Behavior::Good).await.validate_resource_config(THING, config, true);

    assert_eq!(summaries(&diagnostics), ["token: Invalid value"]);
    assert!(diagnostics.to_string().contains("found \"(sensitive value)\""), "{diagnostics}");
}

#[tokio::test]
async fn panic_message_hides_secrets() {
    let server = server(Behavior::PanicsWithToken).await;
    let config = config().with(&TOKEN, Some("secret".to_owned()));

    let validated = server.validate_resource_config(THING, config.value().clone(), true);
    let planned = server.plan_resource_change(plan_request(&config, None)).await.diagnostics;
    let plan = PlanResponse {
        planned_state: existing().value().clone(),
        requires_replace: Vec::new(),
        planned_private: Vec::new(),
        planned_identity: None,
        diagnostics: Diagnostics::new(),
    };
    let applied = server.apply_resource_change(apply_request(&config, None, &plan)).await.diagnostics;

    for diagnostics in [validated, planned, applied] {
        assert!(diagnostics.to_string().contains("on request, with (sensitive value)"), "{diagnostics}");
    }
}
