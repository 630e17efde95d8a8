//! The way through an object and the objects nested in it, row by row, with what stands beside each value.

use std::collections::BTreeMap;

use crate::framework::schema::{AttributeSpec, Nested, Nesting};
use crate::framework::value::Value;

/// What stands beside a value: the same place in the configuration and in an earlier version.
#[derive(Clone, Copy, Debug)]
pub(in crate::framework) struct Beside<'a> {
    pub(in crate::framework) config: &'a Value,
    pub(in crate::framework) earlier: &'a Value,
}

/// Whether a rule has settled a value, or the objects nested in it are to be looked at.
pub(in crate::framework) enum Step {
    Settled(Value),
    Inside(Value),
}

/// Applies a rule to every row of an object and of the objects nested in it. An object that is null or unknown is left.
pub(in crate::framework) fn walk(
    rows: &[AttributeSpec],
    object: Value,
    beside: Beside<'_>,
    rule: &mut impl FnMut(&AttributeSpec, Value, Beside<'_>) -> Step,
) -> Value {
    let Value::Object(mut attributes) = object else { return object };
    for row in rows {
        let value = attributes.remove(row.name).unwrap_or(Value::Null);
        let beside = Beside { config: beside.config.attribute(row.name), earlier: beside.earlier.attribute(row.name) };
        let value = match rule(row, value, beside) {
            Step::Settled(value) => value,
            Step::Inside(value) => match row.nested() {
                Some(nested) => inside(nested, value, beside, rule),
                None => value,
            },
        };
        attributes.insert(row.name.to_owned(), value);
    }
    Value::Object(attributes)
}

fn inside(
    nested: &Nested,
    value: Value,
    beside: Beside<'_>,
    rule: &mut impl FnMut(&AttributeSpec, Value, Beside<'_>) -> Step,
) -> Value {
    let rows = &nested.attributes;
    match value {
        Value::List(objects) => {
            let elements = objects.into_iter().enumerate();
            let mut element = |(index, object)| {
                let beside =
                    Beside { config: at_index(beside.config, index), earlier: at_index(beside.earlier, index) };
                walk(rows, object, beside, rule)
            };
            Value::List(elements.map(&mut element).collect())
        }
        Value::Map(objects) => {
            let mut element = |(key, object): (String, Value)| {
                let beside = Beside { config: at_key(beside.config, &key), earlier: at_key(beside.earlier, &key) };
                let object = walk(rows, object, beside, rule);
                (key, object)
            };
            Value::Map(objects.into_iter().map(&mut element).collect::<BTreeMap<_, _>>())
        }
        Value::Set(objects) => {
            let mut configs = elements(beside.config);
            let mut config_of = |object: &Value| {
                // An element without a counterpart in the configuration is its own: nothing in it is left open.
                take(&mut configs, |config| fits(rows, config, object)).unwrap_or(object).clone()
            };
            let configs: Vec<Value> = objects.iter().map(&mut config_of).collect();
            let earlier = earlier_of(rows, &configs, elements(beside.earlier));
            let beside = configs.iter().zip(earlier).map(|(config, earlier)| Beside { config, earlier });
            Value::Set(
                objects.into_iter().zip(beside).map(|(object, beside)| walk(rows, object, beside, rule)).collect(),
            )
        }
        object if nested.nesting == Nesting::Single => walk(rows, object, beside, rule),
        value => value,
    }
}

/// The earlier version of each element of a set. Those that leave the least open choose first: an element that could be
/// several earlier ones must not take the only one that another can be, and become the same as that.
fn earlier_of<'a>(rows: &[AttributeSpec], configs: &[Value], mut earlier: Vec<&'a Value>) -> Vec<&'a Value> {
    let open = |config: &Value| {
        let is_open = |row: &&AttributeSpec| {
            let value = config.attribute(row.name);
            value.is_unknown() || (value.is_null() && row.mode.is_computed())
        };
        rows.iter().filter(is_open).count()
    };
    let mut order: Vec<usize> = (0..configs.len()).collect();
    order.sort_by_key(|index| open(&configs[*index]));
    let mut found = vec![&Value::Null; configs.len()];
    for index in order {
        if let Some(own) = take(&mut earlier, |earlier| fits(rows, &configs[index], earlier)) {
            found[index] = own;
        }
    }
    found
}

/// Whether an object can be what became of a configured one: what the configuration leaves open may be anything.
pub(in crate::framework) fn fits(rows: &[AttributeSpec], config: &Value, object: &Value) -> bool {
    if config.is_unknown() {
        return true;
    }
    rows.iter().all(|row| {
        let (configured, value) = (config.attribute(row.name), object.attribute(row.name));
        let is_open = configured.is_unknown() || row.write_only || (configured.is_null() && row.mode.is_computed());
        is_open
            || row.means_the_same(configured, value)
            || match row.nested() {
                Some(nested) => fits_nested(nested, configured, value),
                None => false,
            }
    })
}

fn fits_nested(nested: &Nested, config: &Value, value: &Value) -> bool {
    let rows = &nested.attributes;
    match (config, value) {
        (Value::Object(_), Value::Object(_)) if nested.nesting == Nesting::Single => fits(rows, config, value),
        (Value::List(configs), Value::List(values)) => {
            configs.len() == values.len() && configs.iter().zip(values).all(|(config, value)| fits(rows, config, value))
        }
        (Value::Map(configs), Value::Map(values)) => {
            configs.len() == values.len()
                && configs.iter().all(|(key, config)| values.get(key).is_some_and(|value| fits(rows, config, value)))
        }
        (Value::Set(configs), Value::Set(values)) => {
            let mut values: Vec<_> = values.iter().collect();
            configs.len() == values.len()
                && configs.iter().all(|config| take(&mut values, |value| fits(rows, config, value)).is_some())
        }
        _ => false,
    }
}

/// Takes the first element for which something holds, so that no other can have it.
fn take<'a>(elements: &mut Vec<&'a Value>, holds: impl Fn(&Value) -> bool) -> Option<&'a Value> {
    let position = elements.iter().position(|element| holds(element))?;
    Some(elements.remove(position))
}

fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Set(elements) => elements.iter().collect(),
        _ => Vec::new(),
    }
}

/// What is beside an element: nothing where the collection is shorter; unknown where the collection is.
pub(in crate::framework) fn at_index(value: &Value, index: usize) -> &Value {
    match value {
        Value::List(elements) => elements.get(index).unwrap_or(&Value::Null),
        Value::Unknown => value,
        _ => &Value::Null,
    }
}

pub(in crate::framework) fn at_key<'a>(value: &'a Value, key: &str) -> &'a Value {
    match value {
        Value::Map(elements) => elements.get(key).unwrap_or(&Value::Null),
        Value::Unknown => value,
        _ => &Value::Null,
    }
}
