//! Tests of the changes that need a new object.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::applied;
use super::table::*;
use crate::framework::engine::plan;
use crate::framework::engine::replace::{ReplacingChanges, replacing_changes};
use crate::framework::operation::Config;
use crate::framework::value::{Number, Path, Value};

fn config() -> Config {
    Config::empty(&schema()).with(&TITLE, "t".to_owned())
}

fn changes(before: &Config, after: &Config) -> ReplacingChanges {
    let prior = applied(&schema(), before.value());
    let proposed = plan::propose_new_state(&schema(), after.value(), &prior);
    let planned = plan::plan_new_state(&schema(), after.value(), &prior, proposed);
    replacing_changes(schema().specs(), after.value(), &prior, &planned)
}

/// The paths that need a new object when one configuration follows another. Nothing about it is undecided.
fn required(before: &Config, after: &Config) -> Vec<String> {
    let changes = changes(before, after);
    assert!(changes.undecided.is_empty(), "{changes:?}");
    texts(&changes.certain)
}

/// The paths that may need a new object when one configuration follows another. None needs one for certain.
fn undecided(before: &Config, after: &Config) -> Vec<String> {
    let changes = changes(before, after);
    assert!(changes.certain.is_empty(), "{changes:?}");
    texts(&changes.undecided)
}

fn texts(paths: &BTreeSet<Path>) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

/// A configuration with one value as it is given.
fn with(config: &Config, name: &str, value: Value) -> Config {
    let Value::Object(mut attributes) = config.value().clone() else { panic!("it is an object") };
    attributes.insert(name.to_owned(), value);
    Config::of(Value::Object(attributes))
}

fn part(key: Value) -> Value {
    Value::object([("key", key), ("kind", Value::Null), ("address", Value::Null), ("color", Value::Null)])
}

const NONE: [&str; 0] = [];

#[test]
fn changed_value_requires_replacement_and_another_spelling_does_not() {
    assert_eq!(required(&config(), &config().with(&TITLE, "u".to_owned())), ["title"]);
    assert_eq!(required(&config(), &config().with(&TITLE, "T".to_owned())), NONE);
}

#[test]
fn unknown_value_leaves_the_replacement_undecided() {
    assert_eq!(undecided(&config(), &config().with_unknown(&TITLE)), ["title"]);
    assert_eq!(undecided(&config().with(&GROWN, Some(1)), &config().with_unknown(&GROWN)), ["grown"]);
}

#[test]
fn known_change_requires_replacement_beside_an_unknown_value() {
    let changes = changes(&config(), &config().with(&TITLE, "u".to_owned()).with_unknown(&TENANT));

    assert_eq!(
        (texts(&changes.certain), texts(&changes.undecided)),
        (vec!["title".to_owned()], vec!["tenant".to_owned()])
    );
}

#[test]
fn partly_unknown_value_that_must_differ_requires_replacement() {
    let before = config().with(&PLACES, Some(vec!["a".to_owned(), "b".to_owned()]));
    let after = |places: &[Value]| with(&config(), "places", Value::List(places.to_vec()));

    assert_eq!(undecided(&before, &after(&["a".into(), Value::Unknown])), ["places"]);
    assert_eq!(required(&before, &after(&["c".into(), Value::Unknown])), ["places"]);
    assert_eq!(required(&before, &after(&[Value::Unknown])), ["places"]);
}

#[test]
fn computed_value_requires_replacement_only_if_it_is_configured() {
    let region = |region: &str| config().with(&REGION, Some(region.to_owned()));

    assert_eq!(required(&region("a"), &region("b")), ["region"]);
    assert_eq!(required(&region("a"), &config().with(&SHARE, Some(Number::from(1)))), NONE);
    assert_eq!(undecided(&region("a"), &config().with_unknown(&REGION)), ["region"]);
}

#[test]
fn custom_rule_receives_prior_and_planned_values() {
    let grown = |size| config().with(&GROWN, Some(size));

    assert_eq!(required(&grown(1), &grown(2)), NONE);
    assert_eq!(required(&grown(2), &grown(1)), ["grown"]);
}

#[test]
fn removed_optional_computed_value_keeps_its_prior_value() {
    assert_eq!(required(&config().with(&TENANT, Some("x".to_owned())), &config()), NONE);
}

#[test]
fn compares_elements_at_the_same_index_or_key() {
    let list = |keys: &[&str]| config().with(&LIST, Some(keys.iter().map(|key| Part::new(key)).collect()));
    let map = |key: &str| config().with(&MAP, Some(BTreeMap::from([("k".to_owned(), Part::new(key))])));
    let one = |key: &str| config().with(&ONE, Some(Part::new(key)));

    assert_eq!(required(&list(&["a", "b"]), &list(&["a", "c"])), ["list[1].key"]);
    assert_eq!(required(&list(&["a"]), &list(&["a", "b"])), ["list[1].key"]);
    assert_eq!(required(&map("a"), &map("b")), [r#"map["k"].key"#]);
    assert_eq!(required(&one("a"), &one("b")), ["one.key"]);
}

#[test]
fn added_or_removed_object_changes_its_nested_attributes() {
    let one = config().with(&ONE, Some(Part::new("a")));

    assert_eq!(required(&config(), &one), ["one.key"]);
    assert_eq!(required(&one, &config()), ["one.key"]);
}

#[test]
fn changed_set_element_is_reported_on_the_set() {
    let set = |keys: &[&str]| config().with(&SET, Some(keys.iter().map(|key| Part::new(key)).collect::<BTreeSet<_>>()));

    assert_eq!(required(&set(&["a", "b"]), &set(&["b", "a"])), NONE);
    assert_eq!(required(&set(&["a", "b"]), &set(&["a", "c"])), ["set"]);
}

#[test]
fn unknown_object_leaves_the_replacement_undecided() {
    let list = config().with(&LIST, Some(vec![Part::new("a")]));
    let set = config().with(&SET, Some(BTreeSet::from([Part::new("a")])));

    assert_eq!(undecided(&list, &config().with_unknown(&LIST)), ["list"]);
    assert_eq!(undecided(&config(), &config().with_unknown(&LIST)), ["list"]);
    assert_eq!(undecided(&list, &with(&config(), "list", Value::List(vec![Value::Unknown]))), ["list[0].key"]);
    assert_eq!(undecided(&list, &with(&config(), "list", Value::List(vec![part(Value::Unknown)]))), ["list[0].key"]);
    assert_eq!(undecided(&set, &with(&config(), "set", Value::Set(vec![Value::Unknown]))), ["set"]);
    assert_eq!(undecided(&set, &with(&config(), "set", Value::Set(vec![part(Value::Unknown)]))), ["set"]);
}
