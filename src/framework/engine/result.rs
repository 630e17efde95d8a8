//! Repairs the state that a resource returns, so that it can always be saved.
//!
//! Terraform drops a state that does not fit the schema, and then no longer manages the object. So each invalid
//! attribute is repaired, and a diagnostic on that attribute reports the bug.

use super::plan::{prior_spelling, without_write_only};
use super::walk::{Siblings, walk};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::schema::{AttributeSpec, Schema};
use crate::framework::value::{Path, PathStep, Value};

/// A state that can be saved, and the problems of the state that the resource returned.
pub(in crate::framework) struct SanitizedState {
    pub(in crate::framework) state: Value,
    /// The errors for values that do not fit the schema.
    pub(in crate::framework) invalid: Diagnostics,
    /// The errors for values that are still unknown. They are allowed if the operation failed.
    pub(in crate::framework) unset: Diagnostics,
}

/// Repairs a state. `reference` is the planned or prior state: semantically equal values get its spelling.
pub(in crate::framework) fn sanitize_state(schema: &Schema, reference: &Value, state: Value) -> SanitizedState {
    let (state, invalid) = conforming(schema, reference, state);
    let siblings = Siblings::of(reference, reference);
    let state = walk(schema.specs(), state, siblings, &mut without_write_only);
    let state = walk(schema.specs(), state, siblings, &mut prior_spelling);
    let mut paths = Vec::new();
    unknowns(&state, Path::root(), &mut paths);
    let unset = paths.into_iter().map(|path| {
        let detail =
            format!("The plan has no value for `{path}`, and the provider did not set it. It is saved as null.");
        Diagnostic::bug(&detail).at(path)
    });
    SanitizedState { unset: unset.collect(), invalid, state: state.unknown_as_null() }
}

fn conforming(schema: &Schema, reference: &Value, state: Value) -> (Value, Diagnostics) {
    let Value::Object(mut given) = state else {
        return (reference.clone(), does_not_fit(&Path::root(), "expected an object").into());
    };
    let mut invalid = Diagnostics::new();
    let mut fit = |spec: &AttributeSpec| {
        let value = given.remove(spec.name).unwrap_or_else(|| spec.absent());
        let value = if value.is_null() { spec.absent() } else { value };
        let value = match value.conforms(&spec.shape.value_type()) {
            Ok(()) => value,
            Err(mismatch) => {
                let path = Path::attribute(spec.name).join(&mismatch.path);
                invalid.push(does_not_fit(&path, &mismatch.to_string()).at(path.clone()));
                reference.attribute(spec.name).clone()
            }
        };
        (spec.name, value)
    };
    let object = Value::object(schema.specs().iter().map(&mut fit).collect::<Vec<_>>());
    for name in given.keys() {
        invalid.push(does_not_fit(&Path::attribute(name), "the schema has no such attribute"));
    }
    (object, invalid)
}

fn does_not_fit(path: &Path, problem: &str) -> Diagnostic {
    let detail = format!(
        "The provider set `{path}` to a value that does not fit its schema: {problem}. The value was not saved."
    );
    Diagnostic::bug(&detail)
}

/// Collects the paths of unknown values. Elements of a set have no path, so the path of the set is used.
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
