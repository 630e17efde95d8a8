//! Generated configurations in Terraform's JSON syntax: many samples with arbitrary values in every attribute.
//!
//! Terraform checks every plan and result, so these are property tests of codec and plan with Terraform as the oracle.
//! The seed is fixed, so that failures are reproducible.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value as Json, json};

/// Configurations of the same samples with different values.
pub(super) fn configurations<const N: usize>(samples: usize) -> [String; N] {
    let mut runner = TestRunner::deterministic();
    std::array::from_fn(|_| {
        let resources = (0..samples).map(|index| {
            let tree = sample().new_tree(&mut runner).expect("no value is filtered out");
            let mut attributes = tree.current();
            attributes.insert("name".to_owned(), json!(format!("sample-{index}")));
            (format!("sample_{index}"), Json::Object(attributes))
        });
        let resources: Map<String, Json> = resources.collect();
        json!({ "resource": { "echo_sample": resources } }).to_string()
    })
}

fn sample() -> impl Strategy<Value = Map<String, Json>> {
    let attributes = vec![
        ("flag", any::<bool>().prop_map(Json::from).boxed()),
        ("amount", number().boxed()),
        ("whole", any::<i64>().prop_map(Json::from).boxed()),
        ("text", text().boxed()),
        ("names", vec(or_null(text()), 0..4).prop_map(Json::from).boxed()),
        ("tags", vec(text(), 0..4).prop_map(Json::from).boxed()),
        ("weights", btree_map(key(), or_null(number()), 0..4).prop_map(object).boxed()),
        ("pair", (text(), or_null(text())).prop_map(|(left, right)| json!({ "left": left, "right": right })).boxed()),
        ("couple", (text(), any::<bool>()).prop_map(|(one, two)| json!([one, two])).boxed()),
        ("anything", anything().boxed()),
        ("single", part(text()).boxed()),
        ("items", vec(part(text()), 0..3).prop_map(Json::from).boxed()),
        ("members", btree_set("[a-z]{1,6}", 0..3).prop_flat_map(parts).boxed()),
        ("entries", btree_map(key(), part(text()), 0..3).prop_map(object).boxed()),
        ("rule", vec(text().prop_map(|label| json!({ "label": label })), 0..3).prop_map(Json::from).boxed()),
        ("greeting", text().boxed()),
        ("secret", text().boxed()),
        ("token", text().boxed()),
        ("zone", text().boxed()),
        ("path", "[a-zA-Z/]{0,12}".prop_map(Json::from).boxed()),
    ];
    let attributes: Vec<_> = attributes
        .into_iter()
        .map(|(name, value)| {
            option::weighted(0.7, value).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    attributes.prop_map(|attributes| attributes.into_iter().flatten().collect())
}

/// A nested object. Each optional attribute is set, null or missing.
fn part(label: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    (label, option::of(or_null(number())), option::of(or_null(text()))).prop_map(|(label, weight, color)| {
        let optional = [("weight", weight), ("color", color)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let part: Map<String, Json> = optional.chain([("label".to_owned(), label)]).collect();
        Json::Object(part)
    })
}

/// Nested objects for a set. They differ in their labels, so that no two are equal after defaults are set.
fn parts(labels: std::collections::BTreeSet<String>) -> impl Strategy<Value = Json> {
    labels.into_iter().map(|label| part(Just(Json::from(label)))).collect::<Vec<_>>().prop_map(Json::from)
}

/// Text without template expressions.
fn text() -> impl Strategy<Value = Json> {
    prop_oneof!["\\PC{0,16}", "[a-z]{0,6}(e\u{301}|\u{1f600}|\\\\|\"|\n){0,3}"]
        .prop_map(|text| Json::from(plain(&text)))
}

fn key() -> impl Strategy<Value = String> {
    "\\PC{1,8}".prop_map(|key| plain(&key))
}

fn plain(text: &str) -> String {
    text.replace(['$', '%'], "_")
}

fn number() -> impl Strategy<Value = Json> {
    let digits = prop_oneof![
        any::<i64>().prop_map(|integer| integer.to_string()),
        any::<i32>().prop_map(|mantissa| (f64::from(mantissa) / 1024.0).to_string()),
        "-?[1-9][0-9]{18,80}",
        "-?(0|[1-9][0-9]{0,20})\\.[0-9]{0,60}[1-9]",
        "[1-9]e[1-9][0-9]",
    ];
    digits.prop_map(|digits| serde_json::from_str(&digits).expect("a number is JSON"))
}

fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![text(), number(), any::<bool>().prop_map(Json::from), Just(Json::Null)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            btree_map("[a-z]{1,4}", inner, 0..3).prop_map(object),
        ]
    })
}

fn or_null(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    option::weighted(0.8, value).prop_map(Json::from)
}

fn object(members: BTreeMap<String, Json>) -> Json {
    Json::Object(members.into_iter().collect())
}
