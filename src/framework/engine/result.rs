//! How what an author gives back becomes a state that can be saved, whatever is wrong with it.
//!
//! A CLI drops a state that does not fit the schema as a whole, and with it the object. So each attribute is mended on
//! its own, and what was mended is told on that attribute.

use super::plan::{earlier_spelling, without_write_only};
use super::walk::{Beside, walk};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::schema::Schema;
use crate::framework::value::{Path, Step as PathStep, Value};

/// A state that can be saved, and what was wrong with the one that it was made of.
pub(in crate::framework) struct Mended {
    pub(in crate::framework) state: Value,
    /// Faults of the provider, on their attributes.
    pub(in crate::framework) misfits: Diagnostics,
    /// What the author has not set, on its attribute. No fault if the operation failed half-way.
    pub(in crate::framework) unset: Diagnostics,
}

/// Mends a state. `reference` is what it was meant to be, or was before: values that mean the same are spelled like it.
pub(in crate::framework) fn mend(schema: &Schema, reference: &Value, state: Value) -> Mended {
    let (state, misfits) = fitting(schema, reference, state);
    let beside = Beside { config: reference, earlier: reference };
    let state = walk(schema.rows(), state, beside, &mut without_write_only);
    let state = walk(schema.rows(), state, beside, &mut earlier_spelling);
    let mut paths = Vec::new();
    unknowns(&state, Path::root(), &mut paths);
    let unset = paths.into_iter().map(|path| {
        let detail = format!(
            "The provider has not set `{path}`, which was to be known by now. It is saved as null. This is a fault of \
             the provider; please report it."
        );
        Diagnostic::error("Internal error of the provider", detail).at(path)
    });
    Mended { unset: unset.collect(), misfits, state: state.unknown_as_null() }
}

fn fitting(schema: &Schema, reference: &Value, state: Value) -> (Value, Diagnostics) {
    let Value::Object(mut given) = state else {
        return (reference.clone(), misfit(&Path::root(), "expected an object").into());
    };
    let mut misfits = Diagnostics::new();
    let mut fit = |row: &crate::framework::schema::AttributeSpec| {
        let value = given.remove(row.name).unwrap_or_else(|| row.absent());
        let value = if value.is_null() { row.absent() } else { value };
        let value = match value.conforms(&row.shape.value_type()) {
            Ok(()) => value,
            Err(mismatch) => {
                let path = Path::attribute(row.name).join(&mismatch.path);
                misfits.push(misfit(&path, &mismatch.to_string()).at(path.clone()));
                reference.attribute(row.name).clone()
            }
        };
        (row.name, value)
    };
    let object = Value::object(schema.rows().iter().map(&mut fit).collect::<Vec<_>>());
    for name in given.keys() {
        misfits.push(misfit(&Path::attribute(name), "the schema has no such attribute"));
    }
    (object, misfits)
}

fn misfit(path: &Path, problem: &str) -> Diagnostic {
    let detail = format!(
        "The provider set `{path}` to something that does not fit its schema: {problem}. The value was not saved. This \
         is a fault of the provider; please report it."
    );
    Diagnostic::error("Internal error of the provider", detail)
}

/// Where something is unknown. Elements of a set have no path of their own.
fn unknowns(value: &Value, path: Path, paths: &mut Vec<Path>) {
    match value {
        Value::Unknown => paths.push(path),
        Value::List(values) | Value::Tuple(values) => {
            for (index, value) in values.iter().enumerate() {
                unknowns(value, path.clone().index(index), paths);
            }
        }
        Value::Map(values) | Value::Object(values) => {
            let is_map = matches!(value, Value::Map(_));
            for (name, value) in values {
                let step = if is_map { PathStep::Key(name.clone()) } else { PathStep::Attribute(name.clone()) };
                unknowns(value, path.clone().step(step), paths);
            }
        }
        Value::Set(_) | Value::Dynamic(_) if !value.is_wholly_known() => paths.push(path),
        _ => {}
    }
}
