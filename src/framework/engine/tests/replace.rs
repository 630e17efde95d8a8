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
    replacing_changes(schema().rows(), after.value(), &prior, &planned)
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
fn a_change_needs_one_and_another_spelling_does_not() {
    assert_eq!(required(&config(), &config().with(&TITLE, "u".to_owned())), ["title"]);
    assert_eq!(required(&config(), &config().with(&TITLE, "T".to_owned())), NONE);
}

#[test]
fn an_unknown_value_is_undecided() {
    assert_eq!(undecided(&config(), &config().with_unknown(&TITLE)), ["title"]);
    assert_eq!(undecided(&config().with(&GROWN, Some(1)), &config().with_unknown(&GROWN)), ["grown"]);
}

#[test]
fn a_certain_change_counts_beside_an_undecided_one() {
    let changes = changes(&config(), &config().with(&TITLE, "u".to_owned()).with_unknown(&TENANT));

    assert_eq!(
        (texts(&changes.certain), texts(&changes.undecided)),
        (vec!["title".to_owned()], vec!["tenant".to_owned()])
    );
}

#[test]
fn a_value_that_cannot_turn_out_to_be_the_same_is_certain() {
    let before = config().with(&PLACES, Some(vec!["a".to_owned(), "b".to_owned()]));
    let after = |places: &[Value]| with(&config(), "places", Value::List(places.to_vec()));

    assert_eq!(undecided(&before, &after(&["a".into(), Value::Unknown])), ["places"]);
    assert_eq!(required(&before, &after(&["c".into(), Value::Unknown])), ["places"]);
    assert_eq!(required(&before, &after(&[Value::Unknown])), ["places"]);
}

#[test]
fn a_computed_value_needs_one_only_if_it_is_configured() {
    let region = |region: &str| config().with(&REGION, Some(region.to_owned()));

    assert_eq!(required(&region("a"), &region("b")), ["region"]);
    assert_eq!(required(&region("a"), &config().with(&SHARE, Some(Number::from(1)))), NONE);
    assert_eq!(undecided(&region("a"), &config().with_unknown(&REGION)), ["region"]);
}

#[test]
fn a_rule_decides_on_prior_and_planned_value() {
    let grown = |size| config().with(&GROWN, Some(size));

    assert_eq!(required(&grown(1), &grown(2)), NONE);
    assert_eq!(required(&grown(2), &grown(1)), ["grown"]);
}

#[test]
fn what_is_no_longer_configured_stays_as_it_was() {
    assert_eq!(required(&config().with(&TENANT, Some("x".to_owned())), &config()), NONE);
}

#[test]
fn elements_are_compared_where_they_are() {
    let list = |keys: &[&str]| config().with(&LIST, Some(keys.iter().map(|key| Part::new(key)).collect()));
    let map = |key: &str| config().with(&MAP, Some(BTreeMap::from([("k".to_owned(), Part::new(key))])));
    let one = |key: &str| config().with(&ONE, Some(Part::new(key)));

    assert_eq!(required(&list(&["a", "b"]), &list(&["a", "c"])), ["list[1].key"]);
    assert_eq!(required(&list(&["a"]), &list(&["a", "b"])), ["list[1].key"]);
    assert_eq!(required(&map("a"), &map("b")), [r#"map["k"].key"#]);
    assert_eq!(required(&one("a"), &one("b")), ["one.key"]);
}

#[test]
fn an_object_that_appears_or_goes_away_changes_what_is_in_it() {
    let one = config().with(&ONE, Some(Part::new("a")));

    assert_eq!(required(&config(), &one), ["one.key"]);
    assert_eq!(required(&one, &config()), ["one.key"]);
}

#[test]
fn elements_of_a_set_are_told_on_the_set() {
    let set = |keys: &[&str]| config().with(&SET, Some(keys.iter().map(|key| Part::new(key)).collect::<BTreeSet<_>>()));

    assert_eq!(required(&set(&["a", "b"]), &set(&["b", "a"])), NONE);
    assert_eq!(required(&set(&["a", "b"]), &set(&["a", "c"])), ["set"]);
}

#[test]
fn unknown_objects_are_undecided() {
    let list = config().with(&LIST, Some(vec![Part::new("a")]));
    let set = config().with(&SET, Some(BTreeSet::from([Part::new("a")])));

    assert_eq!(undecided(&list, &config().with_unknown(&LIST)), ["list"]);
    assert_eq!(undecided(&config(), &config().with_unknown(&LIST)), ["list"]);
    assert_eq!(undecided(&list, &with(&config(), "list", Value::List(vec![Value::Unknown]))), ["list[0].key"]);
    assert_eq!(undecided(&list, &with(&config(), "list", Value::List(vec![part(Value::Unknown)]))), ["list[0].key"]);
    assert_eq!(undecided(&set, &with(&config(), "set", Value::Set(vec![Value::Unknown]))), ["set"]);
    assert_eq!(undecided(&set, &with(&config(), "set", Value::Set(vec![part(Value::Unknown)]))), ["set"]);
}
