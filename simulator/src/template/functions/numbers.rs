//! Functions on integers, the only numbers in templates.

use serde_json::{Value, json};

use super::super::error::EvaluationError;
use super::arguments::{Definition, MANY, number, size};

pub(super) const FUNCTIONS: &[Definition] = &[
    ("int", 1, 1, int),
    ("add", 2, 2, |values| calculate("add", values, i64::checked_add)),
    ("sub", 2, 2, |values| calculate("sub", values, i64::checked_sub)),
    ("mul", 2, 2, |values| calculate("mul", values, i64::checked_mul)),
    ("div", 2, 2, |values| calculate("div", values, i64::checked_div)),
    ("mod", 2, 2, |values| calculate("mod", values, i64::checked_rem)),
    ("min", 1, MANY, |values| Ok(json!(numbers("min", values)?.into_iter().min()))),
    ("max", 1, MANY, |values| Ok(json!(numbers("max", values)?.into_iter().max()))),
    ("range", 2, 2, range),
];

/// The maximum length of a `range`.
const MAX_LENGTH: usize = 10_000;

fn int(values: &[Value]) -> Result<Value, EvaluationError> {
    match &values[0] {
        Value::String(text) => {
            let number: Result<i64, _> = text.trim().parse();
            number
                .map(|number| json!(number))
                .map_err(|_| EvaluationError::arguments("int", &format!("'{text}' is not an integer")))
        }
        other => Ok(json!(number("int", other)?)),
    }
}

fn calculate(function: &str, values: &[Value], run: fn(i64, i64) -> Option<i64>) -> Result<Value, EvaluationError> {
    let result = run(number(function, &values[0])?, number(function, &values[1])?);
    result
        .map(|result| json!(result))
        .ok_or_else(|| EvaluationError::arguments(function, "the result is not a 64-bit integer"))
}

/// The integers in several arguments, or in one array.
fn numbers(function: &str, values: &[Value]) -> Result<Vec<i64>, EvaluationError> {
    let values = match values {
        [Value::Array(items)] => items.as_slice(),
        several => several,
    };
    values.iter().map(|value| number(function, value)).collect()
}

fn range(values: &[Value]) -> Result<Value, EvaluationError> {
    let (start, count) = (number("range", &values[0])?, size("range", &values[1])?);
    let end = i64::try_from(count).ok().filter(|_| count <= MAX_LENGTH).and_then(|count| start.checked_add(count));
    let end =
        end.ok_or_else(|| EvaluationError::arguments("range", &format!("the count must be at most {MAX_LENGTH}")))?;
    Ok((start..end).map(Value::from).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{check, rejects};
    use super::*;

    #[test]
    fn calculates_with_integers() {
        check(&[
            ("int('12')", json!(12)),
            ("add(1, sub(5, 2))", json!(4)),
            ("div(7, 2)", json!(3)),
            ("mod(7, 2)", json!(1)),
            ("max(1, 3, 2)", json!(3)),
            ("min(createArray(4, 2))", json!(2)),
            ("range(2, 3)", json!([2, 3, 4])),
        ]);
        rejects(&["int('a')", "div(1, 0)", "add('1', 2)", "mul(9223372036854775807, 2)", "range(0, 10001)"]);
    }
}
