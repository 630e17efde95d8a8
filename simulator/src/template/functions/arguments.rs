//! The arguments of functions: how many, and of which type.

use serde_json::Value;

use super::super::error::EvaluationError;

/// A function whose value depends on its arguments only.
type Pure = fn(&[Value]) -> Result<Value, EvaluationError>;

/// Name, minimum and maximum number of arguments, and implementation of a function.
pub(super) type Definition = (&'static str, usize, usize, Pure);

/// Any number of arguments.
pub(super) const MANY: usize = usize::MAX;

pub(in crate::template) fn check_count(
    function: &str,
    count: usize,
    least: usize,
    most: usize,
) -> Result<(), EvaluationError> {
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let expected = match most {
        MANY => format!("expected at least {least} arguments, got {count}"),
        _ if least == most => format!("expected {least} arguments, got {count}"),
        _ => format!("expected {least} to {most} arguments, got {count}"),
    };
    Err(EvaluationError::arguments(function, &expected))
}

pub(in crate::template) fn text<'a>(function: &str, value: &'a Value) -> Result<&'a str, EvaluationError> {
    value.as_str().ok_or_else(|| EvaluationError::arguments(function, &format!("expected a string, got {value}")))
}

pub(in crate::template) fn number(function: &str, value: &Value) -> Result<i64, EvaluationError> {
    value.as_i64().ok_or_else(|| EvaluationError::arguments(function, &format!("expected an integer, got {value}")))
}

/// A number of characters or elements.
pub(super) fn size(function: &str, value: &Value) -> Result<usize, EvaluationError> {
    let number = number(function, value)?;
    usize::try_from(number).map_err(|_| EvaluationError::arguments(function, &format!("{number} is negative")))
}
