//! Sums and products of numbers, dates and timespans.

use time::Duration;

use crate::kql::error::{KqlError, Position};
use crate::kql::syntax::Binary;
use crate::kql::value::{Type, Value};

/// The type of the result.
pub(super) fn check(operator: Binary, left: Type, right: Type, position: Position) -> Result<Type, KqlError> {
    use Type::{DateTime, Dynamic, Long, Real, TimeSpan};
    let kind = match (operator, left, right) {
        (_, left, right) if left.is_number() && right.is_number() => {
            Some(if left == Real || right == Real { Real } else { Long })
        }
        (_, Dynamic, _) | (_, _, Dynamic) => {
            return Err(KqlError::not_simulated(position, "", "arithmetic with values of type dynamic"));
        }
        (Binary::Add | Binary::Subtract, DateTime, TimeSpan) | (Binary::Add, TimeSpan, DateTime) => Some(DateTime),
        (Binary::Subtract, DateTime, DateTime) => Some(TimeSpan),
        (Binary::Add | Binary::Subtract, TimeSpan, TimeSpan) => Some(TimeSpan),
        (Binary::Divide, TimeSpan, TimeSpan) => Some(Real),
        (Binary::Multiply | Binary::Divide, TimeSpan, right) if right.is_number() => Some(TimeSpan),
        (Binary::Multiply, left, TimeSpan) if left.is_number() => Some(TimeSpan),
        _ => None,
    };
    kind.ok_or_else(|| {
        KqlError::wrong_type(format!(
            "Arithmetic expression cannot be carried-out between {} and {}",
            left.name(),
            right.name()
        ))
    })
}

/// The result, or null if the operation has no result, such as a division by zero.
pub(super) fn compute(operator: Binary, left: &Value, right: &Value) -> Value {
    let result = match (left, right) {
        (Value::Long(left), Value::Long(right)) => match operator {
            Binary::Add => left.checked_add(*right),
            Binary::Subtract => left.checked_sub(*right),
            Binary::Multiply => left.checked_mul(*right),
            Binary::Divide => left.checked_div(*right),
            // The remainder is never negative.
            _ => left.checked_rem_euclid(*right),
        }
        .map(Value::Long),
        (Value::DateTime(left), Value::DateTime(right)) => Some(Value::TimeSpan(*left - *right)),
        (Value::DateTime(time), Value::TimeSpan(span)) => {
            let moved = if operator == Binary::Add { time.checked_add(*span) } else { time.checked_sub(*span) };
            moved.map(Value::DateTime)
        }
        (Value::TimeSpan(span), Value::DateTime(time)) => time.checked_add(*span).map(Value::DateTime),
        (Value::TimeSpan(left), Value::TimeSpan(right)) => match operator {
            Binary::Add => left.checked_add(*right).map(Value::TimeSpan),
            Binary::Subtract => left.checked_sub(*right).map(Value::TimeSpan),
            _ => Some(Value::Real(left.as_seconds_f64() / right.as_seconds_f64())),
        },
        (Value::TimeSpan(span), number) | (number, Value::TimeSpan(span)) => number.number().and_then(|number| {
            let factor = if operator == Binary::Divide { 1.0 / number } else { number };
            Duration::checked_seconds_f64(span.as_seconds_f64() * factor).map(Value::TimeSpan)
        }),
        (left, right) => left.number().zip(right.number()).map(|(left, right)| {
            Value::Real(match operator {
                Binary::Add => left + right,
                Binary::Subtract => left - right,
                Binary::Multiply => left * right,
                Binary::Divide => left / right,
                _ => left.rem_euclid(right),
            })
        }),
    };
    result.unwrap_or(Value::Null)
}
