//! Decides which changes of a plan replace the object.
//!
//! An unknown value leaves the replacement undecided: if the value turns out to be the same, the object stays.

use std::collections::BTreeSet;

use super::walk::{at_index, at_key};
use crate::framework::schema::{AttributeSpec, Nested, Nesting, Replacement};
use crate::framework::value::{Path, Value};

/// The changes of a plan that replace the object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::framework) struct ReplacingChanges {
    /// The paths of changes that replace the object.
    pub(in crate::framework) certain: BTreeSet<Path>,
    /// The paths of unknown values that may replace the object.
    pub(in crate::framework) undecided: BTreeSet<Path>,
}

impl ReplacingChanges {
    /// Whether no change replaces the object, or may replace it.
    pub(in crate::framework) fn is_empty(&self) -> bool {
        self.certain.is_empty() && self.undecided.is_empty()
    }

    /// Adds the paths for which the resource requires replacement. Ignores paths without a change, because Terraform
    /// rejects them.
    pub(in crate::framework) fn extend(&mut self, required: BTreeSet<Path>, prior: &Value, planned: &Value) {
        for path in required {
            self.require(path, prior, planned);
        }
    }

    /// Adds one path, as [`ReplacingChanges::extend`] does.
    pub(in crate::framework) fn require(&mut self, path: Path, prior: &Value, planned: &Value) {
        let (before, after) = (prior.find(&path), planned.find(&path));
        if prior.is_null() || path.is_root() || before == after {
            return;
        }
        if may_become(after, before) {
            self.undecided.insert(path);
        } else {
            self.certain.insert(path);
        }
    }
}

/// The changes from the prior to the planned object that replace it. A creation has none.
pub(in crate::framework) fn replacing_changes(
    specs: &[AttributeSpec],
    config: &Value,
    prior: &Value,
    planned: &Value,
) -> ReplacingChanges {
    let mut changes = ReplacingChanges::default();
    if !prior.is_null() && !planned.is_null() {
        object_changes(specs, config, prior, planned, &Path::root(), &mut changes);
    }
    changes
}

fn object_changes(
    specs: &[AttributeSpec],
    config: &Value,
    prior: &Value,
    planned: &Value,
    path: &Path,
    changes: &mut ReplacingChanges,
) {
    for spec in specs {
        let path = path.clone().child(spec.name);
        let (config, prior) = (config.attribute(spec.name), prior.attribute(spec.name));
        let planned = if planned.is_unknown() { planned } else { planned.attribute(spec.name) };
        // An unknown computed value is not a change that the user made.
        let is_computed = config.is_null() && spec.mode.is_computed() && planned.is_unknown();
        if is_computed || spec.is_semantically_equal(prior, planned) {
            continue;
        }
        let may_be_equal =
            !planned.is_wholly_known() && (spec.semantic_equality.is_some() || may_become(planned, prior));
        let replaces = match spec.replacement {
            Some(Replacement::Always) => true,
            Some(Replacement::IfConfigured) => !config.is_null(),
            Some(Replacement::If(rule)) if planned.is_wholly_known() => rule(prior, planned),
            Some(Replacement::If(_)) => {
                changes.undecided.insert(path);
                continue;
            }
            None => false,
        };
        if replaces && may_be_equal {
            changes.undecided.insert(path);
        } else if replaces {
            changes.certain.insert(path);
        } else if let Some(nested) = spec.nested().filter(|nested| has_replacement(&nested.attributes)) {
            nested_changes(nested, config, prior, planned, path, changes);
        }
    }
}

fn nested_changes(
    nested: &Nested,
    config: &Value,
    prior: &Value,
    planned: &Value,
    path: Path,
    changes: &mut ReplacingChanges,
) {
    let specs = &nested.attributes;
    match (nested.nesting, planned) {
        (_, Value::Unknown) => {
            changes.undecided.insert(path);
        }
        (Nesting::Single, _) => object_changes(specs, config, prior, planned, &path, changes),
        (Nesting::List, _) => {
            for index in 0..length(prior).max(length(planned)) {
                let (config, prior, planned) =
                    (at_index(config, index), at_index(prior, index), at_index(planned, index));
                object_changes(specs, config, prior, planned, &path.clone().index(index), changes);
            }
        }
        (Nesting::Map, _) => {
            for key in keys(prior).chain(keys(planned)) {
                let (config, prior, planned) = (at_key(config, key), at_key(prior, key), at_key(planned, key));
                object_changes(specs, config, prior, planned, &path.clone().key(key), changes);
            }
        }
        // Elements of a set have no path. The set itself is the change if the replacing attributes of its elements
        // differ.
        (Nesting::Set, _) => {
            let (before, after) = (replacing_parts(specs, prior), replacing_parts(specs, planned));
            if !after.iter().flatten().all(Value::is_wholly_known) {
                changes.undecided.insert(path);
            } else if before != after {
                changes.certain.insert(path);
            }
        }
    }
}

/// Whether a planned value with unknown parts may equal this value.
fn may_become(planned: &Value, value: &Value) -> bool {
    match (planned, value) {
        (Value::Unknown, _) => true,
        (Value::Object(planned), Value::Object(value)) => {
            planned.iter().all(|(name, planned)| may_become(planned, value.get(name).unwrap_or(&Value::Null)))
        }
        (Value::List(planned), Value::List(value)) | (Value::Tuple(planned), Value::Tuple(value)) => {
            planned.len() == value.len() && planned.iter().zip(value).all(|(planned, value)| may_become(planned, value))
        }
        (Value::Map(planned), Value::Map(value)) => {
            planned.keys().eq(value.keys())
                && planned.values().zip(value.values()).all(|(planned, value)| may_become(planned, value))
        }
        // An unknown element may turn out to equal any other element.
        (Value::Set(planned), Value::Set(value)) if planned.iter().any(|element| !element.is_wholly_known()) => {
            planned.iter().all(|planned| value.iter().any(|value| may_become(planned, value)))
        }
        (Value::Dynamic(planned), Value::Dynamic(value)) => may_become(&planned.1, &value.1),
        (planned, value) => planned == value,
    }
}

fn has_replacement(specs: &[AttributeSpec]) -> bool {
    specs.iter().any(|spec| {
        spec.replacement.is_some() || spec.nested().is_some_and(|nested| has_replacement(&nested.attributes))
    })
}

/// The values of the replacing attributes of each element of a set.
fn replacing_parts(specs: &[AttributeSpec], set: &Value) -> BTreeSet<Vec<Value>> {
    let Value::Set(objects) = set else { return BTreeSet::new() };
    let parts = |object: &Value| {
        if object.is_unknown() {
            return vec![Value::Unknown];
        }
        let specs = specs.iter().filter(|spec| spec.replacement.is_some());
        specs.map(|spec| spec.canonical(object.attribute(spec.name))).collect()
    };
    objects.iter().map(parts).collect()
}

fn length(value: &Value) -> usize {
    match value {
        Value::List(elements) => elements.len(),
        _ => 0,
    }
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    let elements = match value {
        Value::Map(elements) => Some(elements),
        _ => None,
    };
    elements.into_iter().flat_map(|elements| elements.keys())
}
