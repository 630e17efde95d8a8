//! Tests of the repair of an author's result.

use super::table::*;
use crate::framework::engine::result::sanitize_state;
use crate::framework::value::{Path, Value};

fn with(changes: &[(&str, Value)]) -> Value {
    let Value::Object(mut attributes) = schema().empty_object() else { panic!("it is an object") };
    attributes.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(attributes)
}

#[test]
fn the_spelling_of_what_was_planned_is_kept() {
    let sanitized = sanitize_state(&schema(), &with(&[("title", "Title".into())]), with(&[("title", "TITLE".into())]));

    assert_eq!(sanitized.state.attribute("title"), &"Title".into());
}

#[test]
fn what_does_not_fit_is_told_on_its_attribute_and_left_as_it_was() {
    let sanitized =
        sanitize_state(&schema(), &with(&[("labels", Value::Null)]), with(&[("labels", Value::Bool(true))]));

    let paths: Vec<_> = sanitized.invalid.iter().filter_map(|fault| fault.path.clone()).collect();
    assert_eq!(paths, [LABELS.path()]);
    assert_eq!(sanitized.state.attribute("labels"), &Value::Null);
}

#[test]
fn what_was_left_unknown_is_told_where_it_is_and_null() {
    let part = [("key", "a".into()), ("kind", "plain".into()), ("address", Value::Unknown), ("color", Value::Null)];
    let part = Value::object(part);

    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("list", Value::List(vec![part]))]));

    let paths: Vec<_> = sanitized.unset.iter().filter_map(|fault| fault.path.clone()).collect();
    assert_eq!(paths, [LIST.path().index(0).child("address")]);
    assert_eq!(sanitized.state.at(&LIST.path().index(0).child("address")), Some(&Value::Null));
}

#[test]
fn write_only_values_are_never_saved() {
    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("secret", "s".into())]));

    assert_eq!(sanitized.state.attribute("secret"), &Value::Null);
}

#[test]
fn an_attribute_that_the_schema_lacks_is_told_and_dropped() {
    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("stranger", 1.into())]));

    assert!(sanitized.invalid.to_string().contains("`stranger`"));
    assert_eq!(sanitized.state.at(&Path::attribute("stranger")), None);
}
