//! Tests of plans of nested objects.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::applied;
use super::table::*;
use crate::framework::engine::plan;
use crate::framework::operation::Config;
use crate::framework::schema::{Attribute, Schema};
use crate::framework::value::{Number, Path, Value};

fn config() -> Config {
    Config::empty(&schema()).with(&TITLE, "t".to_owned())
}

fn plan_new_state(config: &Config, prior: &Value) -> Value {
    let proposed = plan::propose_new_state(&schema(), config.value(), prior);
    plan::plan_new_state(&schema(), config.value(), prior, proposed)
}

fn part(computed: &Value) -> Value {
    Value::object([
        ("key", "a".into()),
        ("kind", "plain".into()),
        ("address", computed.clone()),
        ("color", computed.clone()),
    ])
}

/// A configuration with one part, whose kind is not set.
fn configured(name: &str, collection: impl Fn(Value) -> Value) -> Config {
    let part = [("key", "a".into()), ("kind", Value::Null), ("address", Value::Null), ("color", Value::Null)];
    Config::of(with(config().value(), name, collection(Value::object(part))))
}

/// The object with one attribute changed.
fn with(object: &Value, name: &str, value: Value) -> Value {
    let Value::Object(mut attributes) = object.clone() else { panic!("it is an object") };
    attributes.insert(name.to_owned(), value);
    Value::Object(attributes)
}

#[test]
fn sets_defaults_and_unknowns_in_every_nesting_mode() {
    type Collection = fn(Value) -> Value;
    let collections: [(&str, Collection); 7] = [
        (ONE.name(), |part| part),
        (LIST.name(), |part| Value::List(vec![part])),
        (SET.name(), |part| Value::Set(vec![part])),
        (MAP.name(), |part| Value::Map(BTreeMap::from([("k".to_owned(), part)]))),
        (SINGLE_BLOCK.name(), |part| part),
        (LIST_BLOCK.name(), |part| Value::List(vec![part])),
        (SET_BLOCK.name(), |part| Value::Set(vec![part])),
    ];
    for (name, collection) in collections {
        let planned = plan_new_state(&configured(name, collection), &Value::Null);

        assert_eq!(planned.attribute(name), &collection(part(&Value::Unknown)), "{name}");
    }
}

#[test]
fn matches_prior_set_elements_by_their_configured_attributes() {
    let before = config().with(&SET, Some(BTreeSet::from([Part::new("a"), Part::new("b")])));
    let prior = applied(&schema(), before.value());

    let with_another = config().with(&SET, Some(BTreeSet::from([Part::new("b"), Part::new("c"), Part::new("a")])));
    let proposed = plan::propose_new_state(&schema(), with_another.value(), &prior);

    let address = |key: &str| {
        let Value::Set(parts) = proposed.attribute("set") else { panic!("it is a set") };
        parts.iter().find(|part| part.attribute("key") == &key.into()).map(|part| part.attribute("address").clone())
    };
    assert_eq!(address("a"), Some("made".into()));
    assert_eq!(address("b"), Some("made".into()));
    assert_eq!(address("c"), Some(Value::Null));
}

#[test]
fn keeps_wholly_unknown_values_unknown() {
    let config = config().with_unknown(&LIST).with_unknown(&LIST_BLOCK).with_unknown(&SINGLE_BLOCK);

    let planned = plan_new_state(&config, &Value::Null);

    for path in [LIST.path(), LIST_BLOCK.path(), SINGLE_BLOCK.path()] {
        assert_eq!(planned.at(&path), Some(&Value::Unknown));
    }
}

#[test]
fn plans_absent_blocks_as_empty_and_not_null() {
    let planned = plan_new_state(&config(), &Value::Null);

    assert_eq!(planned.attribute("list_block"), &Value::List(vec![]));
    assert_eq!(planned.attribute("set_block"), &Value::Set(vec![]));
    assert_eq!(planned.attribute("single_block"), &Value::Null);
}

#[test]
fn plans_computed_objects_as_wholly_unknown() {
    assert_eq!(plan_new_state(&config(), &Value::Null).attribute("made"), &Value::Unknown);
}

#[test]
fn removing_an_object_removes_its_computed_attributes() {
    let prior = applied(&schema(), config().with(&ONE, Some(Part::new("a"))).value());

    let planned = plan_new_state(&config(), &prior);

    assert_eq!(planned.at(&Path::attribute("one")), Some(&Value::Null));
}

#[test]
fn update_keeps_values_of_use_state_for_unknown_attributes() {
    let prior = applied(&schema(), config().value());
    let update = config().with(&SHARE, Some(Number::from(1)));

    for (attribute, value, planned) in [
        ("tenant", Value::from("made"), Value::from("made")),
        ("tenant", Value::Null, Value::Null),
        ("place", Value::from("made"), Value::from("made")),
        ("place", Value::Null, Value::Unknown),
        ("etag", Value::from("made"), Value::Unknown),
    ] {
        let prior = with(&prior, attribute, value.clone());

        assert_eq!(plan_new_state(&update, &prior).attribute(attribute), &planned, "{attribute}: {value:?}");
    }
}

#[test]
fn new_element_has_unknown_computed_attributes() {
    let list = |keys: &[&str]| config().with(&LIST, Some(keys.iter().map(|key| Part::new(key)).collect()));
    let prior = applied(&schema(), list(&["a"]).value());
    let color = |object: &Value, index| object.at(&LIST.path().index(index).child("color")).cloned();
    let Value::List(mut elements) = prior.attribute("list").clone() else { panic!("it is a list") };
    elements[0] = with(&elements[0], "color", Value::Null);
    let prior = with(&prior, "list", Value::List(elements));

    let planned = plan_new_state(&list(&["a", "b"]), &prior);

    assert_eq!(color(&planned, 0), Some(Value::Null));
    assert_eq!(color(&planned, 1), Some(Value::Unknown));
}

#[test]
fn null_and_unknown_values_never_keep_the_prior_spelling() {
    fn text_or_empty(value: &Value) -> Value {
        value.as_str().unwrap_or_default().into()
    }
    const NOTE: Attribute<Option<String>> =
        Attribute::optional("note").description("x").semantic_equality(text_or_empty);
    let (schema, of) = (Schema::new("").attribute(&NOTE), |note: &Value| Value::object([("note", note.clone())]));
    let empty = Value::from("");

    for (prior, planned) in [(&empty, &Value::Null), (&empty, &Value::Unknown), (&Value::Null, &empty)] {
        assert_eq!(plan::finalize_plan(&schema, &of(planned), &of(prior), of(planned)), of(planned));
    }
}
