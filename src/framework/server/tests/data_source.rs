//! Tests of data sources.

use super::fixture::*;
use crate::framework::*;

const LOOKUP: &str = "test_lookup";

fn config(label: Value) -> Value {
    Value::object([("limit", Value::Null), ("label", label), ("found", Value::Null)])
}

#[tokio::test]
async fn read_applies_defaults_and_sets_computed_attributes() {
    let (state, diagnostics) = server(Behavior::Good).await.read_data_source(LOOKUP, config("l".into())).await;

    assert_eq!(state, Value::object([("limit", 10.into()), ("label", "l".into()), ("found", "10 at home".into())]));
    assert_eq!(summaries(&diagnostics), ["Looked up"]);
}

#[tokio::test]
async fn read_must_not_change_arguments() {
    let (_, diagnostics) = server(Behavior::ChangesLabel).await.read_data_source(LOOKUP, config("l".into())).await;

    assert!(summaries(&diagnostics).contains(&"label: Internal error of the provider".to_owned()));
}

#[tokio::test]
async fn failed_or_unknown_read_returns_an_error_and_null() {
    for (behavior, config) in [
        (Behavior::Fails, config(Value::Null)),
        (Behavior::Panics, config(Value::Null)),
        (Behavior::Good, config(Value::Unknown)),
    ] {
        let (state, diagnostics) = server(behavior).await.read_data_source(LOOKUP, config).await;

        assert!(state.is_null() && diagnostics.has_errors());
    }
}

#[tokio::test]
async fn read_error_explains_how_to_destroy() {
    let (_, diagnostics) = server(Behavior::Fails).await.read_data_source(LOOKUP, config(Value::Null)).await;

    assert!(diagnostics.to_string().contains("terraform destroy -refresh=false"), "{diagnostics}");
}
