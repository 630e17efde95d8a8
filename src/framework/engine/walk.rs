//! Visits every attribute of an object and its nested objects, together with the attribute's siblings: the same
//! attribute in the configuration and in the prior state.

use std::collections::BTreeMap;

use crate::framework::schema::{AttributeSpec, Nested, Nesting};
use crate::framework::value::Value;

/// The same attribute or object in the configuration and in the prior state.
#[derive(Clone, Copy, Debug)]
pub(in crate::framework) struct Siblings<'a> {
    pub(in crate::framework) config: &'a Value,
    /// The prior value. `None` if the object that contains the value did not exist before.
    pub(in crate::framework) prior: Option<&'a Value>,
}

impl<'a> Siblings<'a> {
    /// The siblings of a whole object. `prior` is null if the object did not exist before.
    pub(in crate::framework) fn of(config: &'a Value, prior: &'a Value) -> Self {
        Self { config, prior: Some(prior).filter(|prior| !prior.is_null()) }
    }

    fn attribute(self, name: &str) -> Self {
        Self { config: self.config.attribute(name), prior: self.prior.map(|prior| prior.attribute(name)) }
    }
}

/// The result of a rule for a value.
pub(in crate::framework) enum Visit {
    /// The value is final.
    Done(Value),
    /// The rule applies to the objects nested in the value as well.
    Descend(Value),
}

/// Applies a rule to every attribute of an object and its nested objects. Null and unknown objects do not change.
pub(in crate::framework) fn walk(
    specs: &[AttributeSpec],
    object: Value,
    siblings: Siblings<'_>,
    rule: &mut impl FnMut(&AttributeSpec, Value, Siblings<'_>) -> Visit,
) -> Value {
    let Value::Object(mut attributes) = object else { return object };
    for spec in specs {
        let value = attributes.remove(spec.name).unwrap_or(Value::Null);
        let siblings = siblings.attribute(spec.name);
        let value = match rule(spec, value, siblings) {
            Visit::Done(value) => value,
            Visit::Descend(value) => match spec.nested() {
                Some(nested) => walk_nested(nested, value, siblings, rule),
                None => value,
            },
        };
        attributes.insert(spec.name.to_owned(), value);
    }
    Value::Object(attributes)
}

fn walk_nested(
    nested: &Nested,
    value: Value,
    siblings: Siblings<'_>,
    rule: &mut impl FnMut(&AttributeSpec, Value, Siblings<'_>) -> Visit,
) -> Value {
    let specs = &nested.attributes;
    let prior = siblings.prior.unwrap_or(&Value::Null);
    match value {
        Value::List(objects) => {
            let elements = objects.into_iter().enumerate();
            let mut element = |(index, object)| {
                let siblings = Siblings::of(at_index(siblings.config, index), at_index(prior, index));
                walk(specs, object, siblings, rule)
            };
            Value::List(elements.map(&mut element).collect())
        }
        Value::Map(objects) => {
            let mut element = |(key, object): (String, Value)| {
                let siblings = Siblings::of(at_key(siblings.config, &key), at_key(prior, &key));
                let object = walk(specs, object, siblings, rule);
                (key, object)
            };
            Value::Map(objects.into_iter().map(&mut element).collect::<BTreeMap<_, _>>())
        }
        Value::Set(objects) => {
            let mut configs = elements(siblings.config);
            let mut config_of = |object: &Value| {
                // An element that matches none in the configuration counts as fully configured.
                take(&mut configs, |config| fits(specs, config, object)).unwrap_or(object).clone()
            };
            let configs: Vec<Value> = objects.iter().map(&mut config_of).collect();
            let prior = prior_elements(specs, &configs, elements(prior));
            let siblings = configs.iter().zip(prior).map(|(config, prior)| Siblings::of(config, prior));
            Value::Set(
                objects
                    .into_iter()
                    .zip(siblings)
                    .map(|(object, siblings)| walk(specs, object, siblings, rule))
                    .collect(),
            )
        }
        object if nested.nesting == Nesting::Single => walk(specs, object, Siblings::of(siblings.config, prior), rule),
        value => value,
    }
}

/// Finds the prior value of each element of a set. Elements with the fewest unconfigured attributes are matched first,
/// so that an element that matches several prior ones does not take the only match of another element.
fn prior_elements<'a>(specs: &[AttributeSpec], configs: &[Value], mut prior: Vec<&'a Value>) -> Vec<&'a Value> {
    let unconfigured = |config: &Value| {
        let is_unconfigured = |spec: &&AttributeSpec| {
            let value = config.attribute(spec.name);
            value.is_unknown() || (value.is_null() && spec.mode.is_computed())
        };
        specs.iter().filter(is_unconfigured).count()
    };
    let mut order: Vec<usize> = (0..configs.len()).collect();
    order.sort_by_key(|index| unconfigured(&configs[*index]));
    let mut found = vec![&Value::Null; configs.len()];
    for index in order {
        if let Some(own) = take(&mut prior, |element| fits(specs, &configs[index], element)) {
            found[index] = own;
        }
    }
    found
}

/// Whether an object matches a configured one. An unknown or computed attribute of the configuration matches any value.
pub(in crate::framework) fn fits(specs: &[AttributeSpec], config: &Value, object: &Value) -> bool {
    if config.is_unknown() {
        return true;
    }
    specs.iter().all(|spec| {
        let (configured, value) = (config.attribute(spec.name), object.attribute(spec.name));
        let matches_any =
            configured.is_unknown() || spec.write_only || (configured.is_null() && spec.mode.is_computed());
        matches_any
            || spec.is_semantically_equal(configured, value)
            || match spec.nested() {
                Some(nested) => fits_nested(nested, configured, value),
                None => false,
            }
    })
}

fn fits_nested(nested: &Nested, config: &Value, value: &Value) -> bool {
    let specs = &nested.attributes;
    match (config, value) {
        (Value::Object(_), Value::Object(_)) if nested.nesting == Nesting::Single => fits(specs, config, value),
        (Value::List(configs), Value::List(values)) => {
            configs.len() == values.len()
                && configs.iter().zip(values).all(|(config, value)| fits(specs, config, value))
        }
        (Value::Map(configs), Value::Map(values)) => {
            configs.len() == values.len()
                && configs.iter().all(|(key, config)| values.get(key).is_some_and(|value| fits(specs, config, value)))
        }
        (Value::Set(configs), Value::Set(values)) => {
            let mut values: Vec<_> = values.iter().collect();
            configs.len() == values.len()
                && configs.iter().all(|config| take(&mut values, |value| fits(specs, config, value)).is_some())
        }
        _ => false,
    }
}

/// Removes the first element that meets a condition.
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

/// The element at an index. Null if the list is shorter, unknown if the list is unknown.
pub(in crate::framework) fn at_index(value: &Value, index: usize) -> &Value {
    match value {
        Value::List(elements) => elements.get(index).unwrap_or(&Value::Null),
        Value::Unknown => value,
        _ => &Value::Null,
    }
}

/// The element with a key. Null if the map has none, unknown if the map is unknown.
pub(in crate::framework) fn at_key<'a>(value: &'a Value, key: &str) -> &'a Value {
    match value {
        Value::Map(elements) => elements.get(key).unwrap_or(&Value::Null),
        Value::Unknown => value,
        _ => &Value::Null,
    }
}
