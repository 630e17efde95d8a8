//! Tests of the changes that require replacement.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::applied;
use super::table::*;
use crate::framework::engine::plan;
use crate::framework::engine::replace::{ReplacingChanges, replacing_changes};
use crate::framework::nested_object;
use crate::framework::operation::Config;
use crate::framework::schema::{Attribute, Schema};
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

/// The paths that require replacement when one configuration follows another. No path is undecided.
fn required(before: &Config, after: &Config) -> Vec<String> {
    let changes = changes(before, after);
    assert!(changes.undecided.is_empty(), "{changes:?}");
    texts(&changes.certain)
}

/// The undecided paths when one configuration follows another. No path requires replacement.
fn undecided(before: &Config, after: &Config) -> Vec<String> {
    let changes = changes(before, after);
    assert!(changes.certain.is_empty(), "{changes:?}");
    texts(&changes.undecided)
}

fn texts(paths: &BTreeSet<Path>) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

/// The configuration with one attribute set to a value.
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
fn requires_replacement_for_a_new_value_but_not_a_new_spelling() {
    assert_eq!(required(&config(), &config().with(&TITLE, "u".to_owned())), ["title"]);
    assert_eq!(required(&config(), &config().with(&TITLE, "T".to_owned())), NONE);
}

#[test]
fn unknown_value_leaves_the_replacement_undecided() {
    assert_eq!(undecided(&config(), &config().with_unknown(&TITLE)), ["title"]);
    assert_eq!(undecided(&config().with(&GROWN, Some(1)), &config().with_unknown(&GROWN)), ["grown"]);
}

#[test]
fn known_change_requires_replacement_despite_unknown_values() {
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

/// The changes if a resource requires replacement for a change of the attribute `value`.
fn requested(before: Value, after: Value) -> ReplacingChanges {
    let mut changes = ReplacingChanges::default();
    let of = |value| Value::object([("value", value)]);
    changes.extend(BTreeSet::from([Path::attribute("value")]), &of(before), &of(after));
    changes
}

#[test]
fn resource_requires_replacement_only_for_a_change() {
    let changed = requested("a".into(), "b".into());
    assert_eq!((texts(&changed.certain), changed.undecided.len()), (vec!["value".to_owned()], 0));
    assert!(requested("a".into(), "a".into()).is_empty());

    let (before, after) = (Value::object([("value", "a".into())]), Value::object([("value", "b".into())]));
    let mut changes = ReplacingChanges::default();
    changes.require(Path::root(), &before, &after);
    changes.require(Path::attribute("value"), &Value::Null, &after);
    assert!(changes.is_empty(), "the whole object and a creation are ignored: {changes:?}");
}

#[test]
fn unknown_elements_leave_only_a_possible_match_undecided() {
    let set = |elements: &[Value]| Value::Set(elements.to_vec());
    let map = |key: &str, value: Value| Value::Map(BTreeMap::from([(key.to_owned(), value)]));
    let (before, k) = (set(&["a".into(), "b".into()]), map("k", "a".into()));
    for (before, after, may_stay) in [
        (&before, set(&["a".into(), Value::Unknown]), true),
        (&before, set(&["c".into(), Value::Unknown]), false),
        (&before, set(&["a".into()]), false),
        (&k, map("k", Value::Unknown), true),
        (&k, map("k", "b".into()), false),
        (&k, map("j", Value::Unknown), false),
    ] {
        let changes = requested(before.clone(), after.clone());
        assert_eq!(
            (changes.undecided.len(), changes.certain.len()),
            (may_stay.into(), (!may_stay).into()),
            "{after:?}"
        );
    }
}

#[test]
fn ignores_unknown_objects_without_replacing_attributes() {
    nested_object! {
        struct Plain {
            color: Option<String> = Attribute::optional("color").description("x"),
        }
    }
    const PLAIN: Attribute<Option<Plain>> = Attribute::optional("plain").description("x");
    let (schema, of) = (Schema::new("").attribute(&PLAIN), |plain| Value::object([("plain", plain)]));

    let changes = replacing_changes(schema.specs(), &of(Value::Unknown), &of(Value::Null), &of(Value::Unknown));

    assert!(changes.is_empty(), "{changes:?}");
}
