//! Tests of the encodings of values that Terraform and OpenTofu send.

use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::DynamicValue;

use crate::client::{Client, Instance, SAMPLE, planned, sample};
use crate::wire::{self, dynamic};

/// Plans each attribute separately, and returns its name, its configured value and its planned value.
async fn planned_as_configured<'a>(
    attributes: impl IntoIterator<Item = (&'a str, Json)>,
) -> impl Iterator<Item = (&'a str, Json, Json)> {
    let mut client = Client::start().await;
    let mut values = Vec::new();
    for (name, configured) in attributes {
        let plan = client.plan(SAMPLE, &Instance::default(), &sample(json!({ name: configured }))).await;
        assert_eq!(plan.diagnostics, []);
        values.push((name, configured, planned(&plan).state[name].clone()));
    }
    values.into_iter()
}

#[tokio::test]
async fn empty_function_argument_is_null() {
    let response = Client::start().await.call("echo", vec![DynamicValue::default()]).await;

    assert_eq!((wire::read(response.result.as_ref()), response.error), (Json::Null, None));
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    let numbers = [
        "0",
        "-1",
        "1.5",
        "0.1",
        "-0.1",
        "0.1234567890123456789",
        "9007199254740993",
        "18446744073709551616",
        "340282346638528859811704183484516925440",
        "0.010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    ];
    let numbers = numbers.map(|text| ("amount", serde_json::from_str(text).expect("a number")));

    for (_, configured, planned) in planned_as_configured(numbers).await {
        assert_eq!(planned.to_string().trim_matches('"'), configured.to_string());
    }
}

#[tokio::test]
async fn every_type_of_value_round_trips() {
    let nested = json!({ "label": "a", "weight": 7, "color": "red" });
    let attributes = [
        ("flag", json!(false)),
        ("whole", json!(-7)),
        ("names", json!(["b", "a", "b", null])),
        ("tags", json!(["a", "b"])),
        ("weights", json!({ "a": 1, "b": null })),
        ("pair", json!({ "left": "x", "right": null })),
        ("couple", json!(["x", true])),
        ("anything", dynamic(&json!(["list", "string"]), &json!(["x"]))),
        ("single", nested.clone()),
        ("items", json!([nested.clone(), nested.clone()])),
        ("members", json!([nested.clone()])),
        ("entries", json!({ "k": nested.clone() })),
        ("rule", json!([{ "label": "x" }])),
    ];

    for (name, configured, planned) in planned_as_configured(attributes).await {
        assert_eq!(planned, with_numbers_as_text(configured), "{name}");
    }
}

/// The value with its numbers as text, which is how the provider sends them.
fn with_numbers_as_text(json: Json) -> Json {
    match json {
        Json::Number(number) => json!(number.to_string()),
        Json::Array(elements) => elements.into_iter().map(with_numbers_as_text).collect(),
        Json::Object(members) => {
            members.into_iter().map(|(name, member)| (name, with_numbers_as_text(member))).collect()
        }
        other => other,
    }
}

#[tokio::test]
async fn messages_may_be_larger_than_4_mib() {
    let length = 5 << 20;

    let mut values = planned_as_configured([("text", json!("x".repeat(length)))]).await;

    let (_, _, planned) = values.next().expect("one value");
    assert_eq!(planned.as_str().map(str::len), Some(length));
}
