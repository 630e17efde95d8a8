//! Traps in how values are read and written.

use serde_json::{Value as Json, json};
use terraform_provider_sentinel::protocol::proto::DynamicValue;

use crate::core::{Core, Instance, SAMPLE, planned, sample};
use crate::wire::{self, dynamic, unknown};

/// The sample's configuration in which one string is encoded by hand.
fn sample_with_text(encoded: &[u8]) -> DynamicValue {
    const MARK: &str = "here";
    let bytes = wire::msgpack(&sample(json!({ "text": MARK }))).expect("a value").msgpack;
    let mark = [&[0xa4], MARK.as_bytes()].concat();
    let at = bytes.windows(mark.len()).position(|window| window == mark).expect("the text is in the value");
    let bytes = [&bytes[..at], encoded, &bytes[at + mark.len()..]].concat();
    DynamicValue { msgpack: bytes.into(), ..DynamicValue::default() }
}

/// What the provider plans for an attribute that is configured so.
async fn planned_as_configured(name: &str, value: Json) -> Json {
    let mut core = Core::start().await;
    let plan = core.plan(SAMPLE, &Instance::default(), &sample(json!({ name: value }))).await;
    assert_eq!(plan.diagnostics, []);
    planned(&plan).state[name].clone()
}

#[tokio::test]
async fn trap_13_an_empty_dynamic_value_is_null() {
    let mut core = Core::start().await;

    let answer = core.call("echo", vec![DynamicValue::default()]).await;

    assert_eq!((wire::read(answer.result.as_ref()), answer.error), (Json::Null, None));
}

#[tokio::test]
async fn trap_13_a_dynamic_value_may_be_json() {
    let mut core = Core::start().await;
    let argument = DynamicValue { json: r#""text""#.into(), ..DynamicValue::default() };

    let answer = core.call("echo", vec![argument]).await;

    assert_eq!(wire::read(answer.result.as_ref()), json!("text"));
}

#[tokio::test]
async fn trap_14_every_extension_is_an_unknown_value() {
    let refined = [&[0xc7, 7, 12, 0x82, 1, 0xc2, 2][..], b"\xa2ht"].concat();
    let mut long = vec![0xc8, 0x08, 0x00, 0x2a];
    long.extend([0; 2048]);
    for encoded in [
        &[0xd4, 0, 0][..],
        &[0xd4, 99, 7],
        &[0xd8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &refined,
        &long,
    ] {
        let mut core = Core::start().await;
        let config = sample_with_text(encoded);
        let request = terraform_provider_sentinel::protocol::proto::plan_resource_change::Request {
            type_name: SAMPLE.to_owned(),
            proposed_new_state: Some(config.clone()),
            config: Some(config),
            ..Default::default()
        };

        let plan = core.client.plan_resource_change(request).await.expect("an answer").into_inner();

        assert_eq!(plan.diagnostics, []);
        assert_eq!(planned(&plan).state["text"], unknown(), "{encoded:x?}");
    }
}

#[tokio::test]
async fn trap_15_numbers_come_back_digit_by_digit() {
    let awkward = [
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
    for text in awkward {
        let number: Json = serde_json::from_str(text).expect("a number");
        assert_eq!(planned_as_configured("amount", number.clone()).await.to_string().trim_matches('"'), text);
    }
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_was_sent() {
    let nested = json!({ "label": "a", "weight": 7, "colour": "red" });
    let values = [
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
    for (name, value) in values {
        assert_eq!(planned_as_configured(name, value.clone()).await, value, "{name}");
    }
}

#[tokio::test]
async fn decomposed_text_is_composed() {
    assert_eq!(planned_as_configured("text", json!("e\u{301}")).await, json!("\u{e9}"));
}
