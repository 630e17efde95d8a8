//! Generates documents in which members are missing, null, unknown, or of the wrong type.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{CLOUD_APPS, DEFENDER_FOR_CLOUD, IDENTITY, TENANT, named};
use crate::sentinel::data_connector::Document;

/// Numbers that a conversion to `f64` would change.
const NUMBERS: [&str; 5] = ["1.50", "-0.0", "1e400", "123456789012345678901234567890", "0.1234567890123456789"];

/// Any JSON value.
pub(super) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(NUMBERS.as_slice()).prop_map(|text| serde_json::from_str(text).expect("a number")),
        "[a-zA-Z]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,5}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn state() -> impl Strategy<Value = Value> {
    prop::sample::select(["Enabled", "enabled", "Disabled", "disabled", "Pending"].as_slice()).prop_map(Value::from)
}

fn data_type() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (state(), prop::option::of(anything())).prop_map(|(state, more)| match more {
            Some(more) => json!({"state": state, "more": more}),
            None => json!({"state": state}),
        }),
        1 => anything(),
    ]
}

fn providers() -> impl Strategy<Value = Value> {
    let names = [DEFENDER_FOR_CLOUD, "MICROSOFTDEFENDERFORCLOUD", CLOUD_APPS, IDENTITY, "somethingNew"];
    let name = prop::sample::select(names.to_vec());
    prop_oneof![6 => prop::collection::vec(name, 0..4).prop_map(Value::from), 1 => anything()]
}

fn object(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    Value::Object(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn data_types() -> impl Strategy<Value = Value> {
    let maybe = || prop::option::of(data_type());
    let tables = (maybe(), maybe()).prop_map(|(one, two)| object([("DeviceInfo", one), ("EmailEvents", two)]));
    let tables = prop_oneof![4 => tables, 1 => anything()];
    let types =
        (maybe(), maybe(), prop::option::of(tables), maybe()).prop_map(|(alerts, incidents, tables, novelty)| {
            object([("alerts", alerts), ("incidents", incidents), ("advancedHunting", tables), ("novelty", novelty)])
        });
    prop_oneof![8 => types, 1 => anything()]
}

fn filters() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => providers().prop_map(|alerts| json!({"alerts": alerts})),
        1 => (providers(), anything()).prop_map(|(alerts, other)| json!({"alerts": alerts, "other": other})),
        1 => anything(),
    ]
}

/// Documents with this name.
pub(super) fn documents(name: &'static str) -> impl Strategy<Value = Document> {
    let maybe_anything = || prop::option::of(anything());
    (prop::option::of(data_types()), prop::option::of(filters()), maybe_anything(), maybe_anything()).prop_map(
        move |(types, filters, unknown, outside)| {
            let tenant = Some(Value::from(TENANT));
            let fields =
                [("tenantId", tenant), ("dataTypes", types), ("filteredProviders", filters), ("novelty", unknown)];
            let mut document = named(name, object(fields));
            if let Some(outside) = outside {
                document.set(&["novelty"], outside);
            }
            document
        },
    )
}
