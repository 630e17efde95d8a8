//! Limits of templates: Azure's limits, and limits that protect memory and stack from a hostile template.

use std::cell::Cell;

use serde_json::Value;

use super::error::EvaluationError;

/// Azure's limit for one expression, in characters.
pub(super) const EXPRESSION: usize = 24_576;

/// Azure's limit for a template, in bytes. The simulator also applies it to every value of an expression.
pub(super) const VALUE: usize = 4 * 1024 * 1024;

/// The maximum size of all values of a template together, in bytes.
const ALL_VALUES: usize = 64 * 1024 * 1024;

/// The maximum nesting of a value.
const VALUE_DEPTH: usize = 128;

/// The maximum recursion of the evaluation.
const DEPTH: usize = 200;

/// The depth and memory that the evaluation of one template uses.
#[derive(Default)]
pub(super) struct Usage {
    depth: Cell<usize>,
    size: Cell<usize>,
}

impl Usage {
    /// Runs a nested step of the evaluation, unless the maximum depth is reached.
    pub(super) fn nested<T>(&self, step: impl FnOnce() -> Result<T, EvaluationError>) -> Result<T, EvaluationError> {
        if self.depth.get() == DEPTH {
            return Err(too_deep());
        }
        self.depth.set(self.depth.get() + 1);
        let result = step();
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// Accepts the value of an expression, unless it is too large or nested too deeply.
    pub(super) fn accept(&self, value: Value) -> Result<Value, EvaluationError> {
        let size = size(&value, VALUE_DEPTH).ok_or_else(too_deep)?;
        check_size(size)?;
        self.size.set(self.size.get() + size);
        if self.size.get() > ALL_VALUES { Err(too_large(ALL_VALUES, self.size.get())) } else { Ok(value) }
    }
}

/// Returns an error for a value of more than 4 MiB.
pub(super) fn check_size(size: usize) -> Result<(), EvaluationError> {
    if size > VALUE { Err(too_large(VALUE, size)) } else { Ok(()) }
}

/// The approximate size of a value in bytes, or none if it is nested too deeply.
fn size(value: &Value, depth: usize) -> Option<usize> {
    let below = depth.checked_sub(1)?;
    let inner: Option<usize> = match value {
        Value::String(text) => Some(text.len()),
        Value::Array(items) => items.iter().map(|item| size(item, below)).sum(),
        Value::Object(members) => members.iter().map(|(name, member)| Some(name.len() + size(member, below)?)).sum(),
        _ => Some(0),
    };
    Some(inner? + size_of::<Value>())
}

fn too_deep() -> EvaluationError {
    EvaluationError::new("The language expression is nested too deeply.")
}

fn too_large(limit: usize, actual: usize) -> EvaluationError {
    EvaluationError::new(format!(
        "The language expression value size limit exceeded. Limit: '{limit}' and actual: '{actual}'."
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::evaluator::{Evaluator, Section};
    use super::super::testing::{deployment_scope, rejects};
    use super::*;

    /// The values of `count` variables. `next` builds each variable from the previous one.
    fn chain(count: usize, backwards: bool, next: fn(&str) -> String) -> Result<Vec<Value>, EvaluationError> {
        let name = |at: usize| format!("v{}", if backwards { count - at } else { at });
        let mut variables = json!({});
        variables[name(0)] = json!("x".repeat(1000));
        for at in 1..=count {
            variables[name(at)] = json!(next(&format!("variables('{}')", name(at - 1))));
        }
        let (scope, none) = (deployment_scope(), serde_json::Map::new());
        let variables = variables.as_object().cloned().unwrap_or_default();
        let evaluator = Evaluator::new(&scope, &none, &variables, Vec::new());
        (0..=count).map(|at| evaluator.value(&json!(format!("[variables('v{at}')]")), Section::Resource)).collect()
    }

    #[test]
    fn rejects_values_over_the_size_limit() {
        assert!(chain(100, false, |before| format!("[concat({before}, {before})]")).is_err());
        assert!(chain(100, false, |before| format!("[createArray({before}, {before})]")).is_err());
        assert!(chain(30, false, |before| format!("[replace({before}, 'x', {before})]")).is_err());
        assert!(chain(30, false, |before| format!("[join(split({before}, 'x'), {before})]")).is_err());
        assert!(chain(100, false, |before| format!("[format('{{0}}{{0}}', {before})]")).is_err());
        assert!(chain(10, false, |before| format!("[concat({before}, 'x')]")).is_ok());
    }

    #[test]
    fn rejects_values_over_the_depth_limit() {
        assert!(chain(500, false, |before| format!("[createArray({before})]")).is_err());
        assert!(chain(500, true, |before| format!("[concat({before}, 'x')]")).is_err());
        rejects(&[
            &format!("resourceGroup(){}", "['tags']".repeat(2000)),
            &format!("resourceGroup(){}", ".tags".repeat(2000)),
            &format!("concat('{}')", "x".repeat(EXPRESSION)),
        ]);
    }
}
