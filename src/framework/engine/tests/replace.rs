//! Which changes need a new object.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::applied;
use super::table::*;
use crate::framework::engine::{plan, replace};
use crate::framework::operation::Config;

fn config() -> Config {
    Config::empty(&schema()).with(&TITLE, "t".to_owned())
}

/// The paths that need a new object when one configuration follows another.
fn required(before: &Config, after: &Config) -> Vec<String> {
    let prior = applied(&schema(), before.value());
    let proposed = plan::propose_new_state(&schema(), after.value(), &prior);
    let planned = plan::plan_new_state(&schema(), after.value(), &prior, proposed);
    let paths = replace::required(schema().rows(), after.value(), &prior, &planned);
    paths.iter().map(ToString::to_string).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_change_needs_one_and_another_spelling_does_not() {
    assert_eq!(required(&config(), &config().with(&TITLE, "u".to_owned())), ["title"]);
    assert_eq!(required(&config(), &config().with(&TITLE, "T".to_owned())), NONE);
    assert_eq!(required(&config(), &config().with_unknown(&TITLE)), ["title"]);
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
fn objects_that_are_unknown_may_be_others() {
    let list = config().with(&LIST, Some(vec![Part::new("a")]));

    assert_eq!(required(&list, &config().with_unknown(&LIST)), ["list"]);
}
