//! Which changes of a plan need a new object.

use std::collections::BTreeSet;

use super::walk::{at_index, at_key};
use crate::framework::schema::{AttributeSpec, Nested, Nesting, Replacement};
use crate::framework::value::{Path, Value};

/// The paths of changes that need a new object. Without a prior object there are none.
pub(in crate::framework) fn required(
    rows: &[AttributeSpec],
    config: &Value,
    prior: &Value,
    planned: &Value,
) -> BTreeSet<Path> {
    let mut paths = BTreeSet::new();
    if !prior.is_null() && !planned.is_null() {
        object(rows, config, prior, planned, &Path::root(), &mut paths);
    }
    paths
}

/// Whether something changes at a path, which is then in the prior or the planned object, as a CLI wants it.
pub(in crate::framework) fn is_change(path: &Path, prior: &Value, planned: &Value) -> bool {
    !prior.is_null() && !path.is_root() && prior.at(path) != planned.at(path)
}

fn object(
    rows: &[AttributeSpec],
    config: &Value,
    prior: &Value,
    planned: &Value,
    path: &Path,
    paths: &mut BTreeSet<Path>,
) {
    for row in rows {
        let path = path.clone().child(row.name);
        let (config, prior) = (config.attribute(row.name), prior.attribute(row.name));
        let planned = if planned.is_unknown() { planned } else { planned.attribute(row.name) };
        // What the provider will set, because nobody else does, is no change that the user asked for.
        let is_own = config.is_null() && row.mode.is_computed() && planned.is_unknown();
        if is_own || row.is_semantically_equal(prior, planned) {
            continue;
        }
        let is_replacement = match row.replacement {
            Some(Replacement::Always) => true,
            Some(Replacement::If(rule)) => rule(prior, planned),
            None => false,
        };
        if is_replacement {
            paths.insert(path);
        } else if let Some(nested) = row.nested().filter(|nested| replaces(&nested.attributes)) {
            inside(nested, config, prior, planned, path, paths);
        }
    }
}

fn inside(nested: &Nested, config: &Value, prior: &Value, planned: &Value, path: Path, paths: &mut BTreeSet<Path>) {
    let rows = &nested.attributes;
    match (nested.nesting, planned) {
        // Which of the objects change is not known yet; that some may is enough for Terraform to ask for a new object.
        (_, Value::Unknown) => {
            if !prior.is_null() {
                paths.insert(path);
            }
        }
        (Nesting::Single, _) => object(rows, config, prior, planned, &path, paths),
        (Nesting::List, _) => {
            for index in 0..length(prior).max(length(planned)) {
                let (config, prior, planned) =
                    (at_index(config, index), at_index(prior, index), at_index(planned, index));
                object(rows, config, prior, planned, &path.clone().index(index), paths);
            }
        }
        (Nesting::Map, _) => {
            for key in keys(prior).chain(keys(planned)) {
                let (config, prior, planned) = (at_key(config, key), at_key(prior, key), at_key(planned, key));
                object(rows, config, prior, planned, &path.clone().key(key), paths);
            }
        }
        // Elements of a set have no place of their own, so they are compared by what of them needs a new object.
        (Nesting::Set, _) => {
            if replaced_parts(rows, prior) != replaced_parts(rows, planned) {
                paths.insert(path);
            }
        }
    }
}

fn replaces(rows: &[AttributeSpec]) -> bool {
    rows.iter().any(|row| row.replacement.is_some() || row.nested().is_some_and(|nested| replaces(&nested.attributes)))
}

fn replaced_parts(rows: &[AttributeSpec], set: &Value) -> BTreeSet<Vec<Value>> {
    let Value::Set(objects) = set else { return BTreeSet::new() };
    let parts = |object: &Value| {
        let rows = rows.iter().filter(|row| row.replacement.is_some());
        rows.map(|row| row.canonical(object.attribute(row.name))).collect()
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
