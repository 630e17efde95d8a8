//! Comparison and logic. `if` is in `evaluator`, because it evaluates only one of its branches.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::super::error::EvaluationError;
use super::arguments::{Definition, MANY, number, text};

pub(super) const FUNCTIONS: &[Definition] = &[
    ("true", 0, 0, |_| Ok(json!(true))),
    ("false", 0, 0, |_| Ok(json!(false))),
    ("null", 0, 0, |_| Ok(Value::Null)),
    ("not", 1, 1, |values| Ok(json!(!truth("not", &values[0])?))),
    ("and", 2, MANY, |values| all("and", values).map(|truths| json!(truths.into_iter().all(|truth| truth)))),
    ("or", 2, MANY, |values| all("or", values).map(|truths| json!(truths.into_iter().any(|truth| truth)))),
    ("bool", 1, 1, boolean),
    ("equals", 2, 2, |values| Ok(json!(values[0] == values[1]))),
    ("less", 2, 2, |values| Ok(json!(compare("less", values)?.is_lt()))),
    ("lessOrEquals", 2, 2, |values| Ok(json!(compare("lessOrEquals", values)?.is_le()))),
    ("greater", 2, 2, |values| Ok(json!(compare("greater", values)?.is_gt()))),
    ("greaterOrEquals", 2, 2, |values| Ok(json!(compare("greaterOrEquals", values)?.is_ge()))),
];

fn truth(function: &str, value: &Value) -> Result<bool, EvaluationError> {
    value.as_bool().ok_or_else(|| EvaluationError::arguments(function, &format!("expected a boolean, got {value}")))
}

fn all(function: &str, values: &[Value]) -> Result<Vec<bool>, EvaluationError> {
    values.iter().map(|value| truth(function, value)).collect()
}

fn boolean(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::Bool(truth) => Ok(json!(truth)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
        other => Ok(json!(number("bool", other)? != 0)),
    }
}

fn compare(function: &str, values: &[Value]) -> Result<Ordering, EvaluationError> {
    if values[0].is_string() {
        return Ok(text(function, &values[0])?.cmp(text(function, &values[1])?));
    }
    Ok(number(function, &values[0])?.cmp(&number(function, &values[1])?))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{check, rejects};
    use super::*;

    #[test]
    fn logic_requires_booleans() {
        check(&[
            ("if(equals('a', 'a'), 'yes', magic())", json!("yes")),
            ("if(false(), magic(), 'no')", json!("no")),
            ("and(true(), not(false()), bool('True'))", json!(true)),
            ("or(false(), bool(0))", json!(false)),
            ("equals(createArray(1), createArray(1))", json!(true)),
            ("equals('a', 'A')", json!(false)),
            ("less(1, 2)", json!(true)),
            ("greaterOrEquals('b', 'a')", json!(true)),
        ]);
        rejects(&["if('true', 1, 2)", "not('a')", "and(true())", "less('a', 1)", "bool('maybe')"]);
    }
}
