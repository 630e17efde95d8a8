//! Tests of the repair of a state that a resource returns.

use super::table::*;
use crate::framework::engine::result::sanitize_state;
use crate::framework::value::{Path, Value};

fn with(changes: &[(&str, Value)]) -> Value {
    let Value::Object(mut attributes) = schema().empty_object() else { panic!("it is an object") };
    attributes.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(attributes)
}

#[test]
fn keeps_the_planned_spelling_of_equal_values() {
    let sanitized = sanitize_state(&schema(), &with(&[("title", "Title".into())]), with(&[("title", "TITLE".into())]));

    assert_eq!(sanitized.state.attribute("title"), &"Title".into());
}

#[test]
fn reports_a_mismatch_and_keeps_the_planned_value() {
    let sanitized =
        sanitize_state(&schema(), &with(&[("labels", Value::Null)]), with(&[("labels", Value::Bool(true))]));

    let paths: Vec<_> = sanitized.invalid.iter().filter_map(|diagnostic| diagnostic.path.clone()).collect();
    assert_eq!(paths, [LABELS.path()]);
    assert_eq!(sanitized.state.attribute("labels"), &Value::Null);
}

#[test]
fn reports_a_remaining_unknown_value_and_saves_null() {
    let part = [("key", "a".into()), ("kind", "plain".into()), ("address", Value::Unknown), ("color", Value::Null)];
    let part = Value::object(part);

    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("list", Value::List(vec![part]))]));

    let paths: Vec<_> = sanitized.unset.iter().filter_map(|diagnostic| diagnostic.path.clone()).collect();
    assert_eq!(paths, [LIST.path().index(0).child("address")]);
    assert_eq!(sanitized.state.at(&LIST.path().index(0).child("address")), Some(&Value::Null));
}

#[test]
fn removes_write_only_values() {
    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("secret", "s".into())]));

    assert_eq!(sanitized.state.attribute("secret"), &Value::Null);
}

#[test]
fn reports_and_drops_an_attribute_outside_the_schema() {
    let sanitized = sanitize_state(&schema(), &with(&[]), with(&[("unknown", 1.into())]));

    assert!(sanitized.invalid.to_string().contains("`unknown`"));
    assert_eq!(sanitized.state.at(&Path::attribute("unknown")), None);
}
