//! Functions on arrays, objects, and the characters of strings.

use serde_json::{Map, Value, json};

use super::super::error::EvaluationError;
use super::arguments::{Definition, MANY, size, text};
use super::texts::as_text;

pub(super) const FUNCTIONS: &[Definition] = &[
    ("concat", 1, MANY, concat),
    ("length", 1, 1, length),
    ("empty", 1, 1, empty),
    ("first", 1, 1, first),
    ("last", 1, 1, last),
    ("take", 2, 2, take),
    ("skip", 2, 2, skip),
    ("contains", 2, 2, contains),
    ("array", 1, 1, |values| Ok(if values[0].is_array() { values[0].clone() } else { json!([values[0]]) })),
    ("createArray", 0, MANY, |values| Ok(json!(values))),
    ("createObject", 0, MANY, create_object),
    ("union", 2, MANY, union),
    ("intersection", 2, MANY, intersection),
    ("coalesce", 1, MANY, |values| Ok(values.iter().find(|value| !value.is_null()).cloned().unwrap_or_default())),
];

/// Concatenates arrays if the first argument is an array, otherwise strings.
fn concat(values: &[Value]) -> Result<Value, EvaluationError> {
    if values[0].is_array() {
        let arrays = values.iter().map(|value| value.as_array());
        let arrays: Option<Vec<&Vec<Value>>> = arrays.collect();
        let arrays = arrays
            .ok_or_else(|| EvaluationError::arguments("concat", "all arguments must be arrays if the first is one"))?;
        return Ok(arrays.into_iter().flatten().cloned().collect());
    }
    match values.iter().find(|value| value.is_array() || value.is_object() || value.is_null()) {
        Some(other) => {
            Err(EvaluationError::arguments("concat", &format!("all arguments must be strings, but one is {other}")))
        }
        None => Ok(json!(values.iter().map(as_text).collect::<String>())),
    }
}

fn length(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::String(text) => Ok(json!(text.chars().count())),
        Value::Array(items) => Ok(json!(items.len())),
        Value::Object(members) => Ok(json!(members.len())),
        other => Err(mismatch("length", other)),
    }
}

fn empty(values: &[Value]) -> Result<Value, EvaluationError> {
    if values[0].is_null() { Ok(json!(true)) } else { Ok(json!(length(values)? == 0)) }
}

fn first(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::String(text) => Ok(json!(text.chars().take(1).collect::<String>())),
        Value::Array(items) => Ok(items.first().cloned().unwrap_or_default()),
        other => Err(mismatch("first", other)),
    }
}

fn last(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::String(text) => Ok(json!(text.chars().last().map(String::from).unwrap_or_default())),
        Value::Array(items) => Ok(items.last().cloned().unwrap_or_default()),
        other => Err(mismatch("last", other)),
    }
}

/// The first characters or elements, or the whole value if it is shorter.
fn take(values: &[Value]) -> Result<Value, EvaluationError> {
    // A negative count is zero.
    let count = size("take", &values[1]).unwrap_or_default();
    match &values[0] {
        Value::String(text) => Ok(json!(text.chars().take(count).collect::<String>())),
        Value::Array(items) => Ok(items.iter().take(count).cloned().collect()),
        other => Err(mismatch("take", other)),
    }
}

fn skip(values: &[Value]) -> Result<Value, EvaluationError> {
    let count = size("skip", &values[1]).unwrap_or_default();
    match &values[0] {
        Value::String(text) => Ok(json!(text.chars().skip(count).collect::<String>())),
        Value::Array(items) => Ok(items.iter().skip(count).cloned().collect()),
        other => Err(mismatch("skip", other)),
    }
}

/// Whether the value contains a substring, an item of an array, or a key of an object.
fn contains(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::String(whole) => Ok(json!(whole.contains(&as_text(&values[1])))),
        Value::Array(items) => Ok(json!(items.contains(&values[1]))),
        Value::Object(members) => {
            let name = text("contains", &values[1])?;
            Ok(json!(members.keys().any(|key| key.eq_ignore_ascii_case(name))))
        }
        other => Err(mismatch("contains", other)),
    }
}

fn create_object(values: &[Value]) -> Result<Value, EvaluationError> {
    let pairs = values.chunks(2).map(|pair| match pair {
        [name, value] => Ok((text("createObject", name)?.to_owned(), value.clone())),
        _ => Err(EvaluationError::arguments("createObject", "each name must have a value")),
    });
    pairs.collect::<Result<Map<_, _>, _>>().map(Value::Object)
}

/// The distinct values of arrays, or the merged members of objects. For a member of several objects, the last value
/// wins.
fn union(values: &[Value]) -> Result<Value, EvaluationError> {
    let mut all = values[0].clone();
    for value in &values[1..] {
        match (&mut all, value) {
            (Value::Array(all), Value::Array(items)) => {
                for item in items {
                    if !all.contains(item) {
                        all.push(item.clone());
                    }
                }
            }
            (Value::Object(all), Value::Object(members)) => merge(all, members),
            _ => return Err(EvaluationError::arguments("union", "the arguments must all be arrays or all be objects")),
        }
    }
    Ok(all)
}

fn merge(into: &mut Map<String, Value>, members: &Map<String, Value>) {
    for (name, member) in members {
        match (into.get_mut(name), member) {
            (Some(Value::Object(existing)), Value::Object(member)) => merge(existing, member),
            _ => {
                into.insert(name.clone(), member.clone());
            }
        }
    }
}

fn intersection(values: &[Value]) -> Result<Value, EvaluationError> {
    let mut common = values[0].clone();
    for value in &values[1..] {
        match (&mut common, value) {
            (Value::Array(common), Value::Array(items)) => common.retain(|item| items.contains(item)),
            (Value::Object(common), Value::Object(members)) => {
                common.retain(|name, member| members.get(name) == Some(member));
            }
            _ => {
                return Err(EvaluationError::arguments(
                    "intersection",
                    "the arguments must all be arrays or all be objects",
                ));
            }
        }
    }
    Ok(common)
}

fn mismatch(function: &str, value: &Value) -> EvaluationError {
    EvaluationError::arguments(function, &format!("expected a string or a collection, got {value}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::testing::{check, rejects};
    use super::*;

    proptest! {
        #[test]
        fn take_and_skip_split_a_string(whole in any::<String>(), count in -2_i64..20) {
            let values = [json!(whole), json!(count)];
            let parts = [take(&values).expect("a text"), skip(&values).expect("a text")];
            prop_assert_eq!(concat(&parts), Ok(json!(whole)));
        }
    }

    #[test]
    fn takes_parts_of_strings_and_arrays() {
        check(&[
            ("concat('a', 1, 'b')", json!("a1b")),
            ("concat(createArray(1), createArray(2))", json!([1, 2])),
            ("length('äb')", json!(2)),
            ("take('abc', 50)", json!("abc")),
            ("take('abc', 2)", json!("ab")),
            ("take(createArray(1, 2, 3), -1)", json!([])),
            ("skip(createArray(1, 2, 3), 1)", json!([2, 3])),
            ("last(split('/a/b', '/'))", json!("b")),
            ("first('abc')", json!("a")),
            ("last(createArray())", Value::Null),
            ("empty('')", json!(true)),
            ("empty(createObject('a', 1))", json!(false)),
        ]);
        rejects(&["concat('a', createArray())", "concat(createArray(), 'a')", "length(1)", "take(1, 1)"]);
    }

    #[test]
    fn creates_merges_and_searches_collections() {
        check(&[
            ("createObject('a', 1, 'b', createArray())", json!({"a": 1, "b": []})),
            ("union(createArray(1, 2), createArray(2, 3))", json!([1, 2, 3])),
            ("union(json('{\"a\":{\"b\":1}}'), json('{\"a\":{\"c\":2}}'))", json!({"a": {"b": 1, "c": 2}})),
            ("intersection(createArray(1, 2), createArray(2, 3))", json!([2])),
            ("contains('abc', 'b')", json!(true)),
            ("contains(createArray('a'), 'A')", json!(false)),
            ("contains(createObject('a', 1), 'A')", json!(true)),
            ("coalesce(null(), 'a')", json!("a")),
            ("array('a')", json!(["a"])),
        ]);
        rejects(&["createObject('a')", "createObject(1, 2)", "union(createArray(), createObject())"]);
    }
}
