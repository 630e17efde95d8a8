//! Checks a provider's answers by the rules of Terraform and OpenTofu, before a CLI does.
//!
//! A CLI reports only "Provider produced invalid plan". These checks report the bug on its attribute, and what exists
//! is saved. The rules are those of Terraform's package `objchange`.

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
    /// What is wrong, to complete a sentence that begins with the path.
    pub(super) problem: String,
}

impl Violation {
    fn new(path: &Path, problem: impl Into<String>) -> Self {
        Self { path: path.clone(), problem: problem.into() }
    }
}

/// Violations as diagnostics.
pub(super) fn to_diagnostics(violations: Vec<Violation>, what: &str) -> Diagnostics {
    let fault =
        |Violation { path, problem }| Diagnostic::bug(&format!("{what} is invalid: `{path}` {problem}.")).at(path);
    violations.into_iter().map(fault).collect()
}

/// A value for a message. A secret or long value is described by its kind only.
fn shown(value: &Value, sensitive: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) if !sensitive => value.to_string(),
        Value::Number(value) if !sensitive => value.to_string(),
        Value::String(value) if !sensitive => format!("{value:?}"),
        value => value.kind().to_owned(),
    }
}
