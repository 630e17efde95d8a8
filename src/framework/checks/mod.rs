//! Checks plans and applied states by the rules of Terraform and OpenTofu.
//!
//! Terraform itself reports only "Provider produced invalid plan". These checks report the bug on its attribute, and
//! the state of the existing object is saved. The rules are those of Terraform's package `objchange`.

mod apply;
mod plan;

use super::diagnostics::{Diagnostic, Diagnostics};
use super::value::{Path, Value};

pub(super) use self::apply::result_matches_plan;
pub(super) use self::plan::plan_matches_config;

/// A violated rule of Terraform core.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Violation {
    pub(super) path: Path,
    /// What is wrong: the end of a sentence that begins with the path.
    pub(super) problem: String,
}

impl Violation {
    fn new(path: &Path, problem: impl Into<String>) -> Self {
        Self { path: path.clone(), problem: problem.into() }
    }
}

/// Converts violations to diagnostics. `what` is the checked object, such as "The plan".
pub(super) fn to_diagnostics(violations: Vec<Violation>, what: &str) -> Diagnostics {
    let diagnostic =
        |Violation { path, problem }| Diagnostic::bug(&format!("{what} is invalid: `{path}` {problem}.")).at(path);
    violations.into_iter().map(diagnostic).collect()
}

/// Formats a value for a message. Shows only the kind of a sensitive value or a collection.
fn shown(value: &Value, sensitive: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) if !sensitive => value.to_string(),
        Value::Number(value) if !sensitive => value.to_string(),
        Value::String(value) if !sensitive => format!("{value:?}"),
        value => value.kind().to_owned(),
    }
}
