//! Conversions between types: `toint`, `tostring` and so on. A value that cannot be converted becomes null.

use serde_json::Value as Json;

use crate::kql::literal;
use crate::kql::value::{Type, Value};

/// Whether the simulator supports a conversion. Conversions from ticks and serial numbers are not simulated.
pub(super) fn is_supported(from: Type, to: Type) -> bool {
    let is_plain = |kind| matches!(kind, Type::Bool | Type::Int | Type::Long | Type::Real);
    match to {
        Type::DateTime | Type::TimeSpan => from == to || matches!(from, Type::String | Type::Dynamic),
        to if is_plain(to) => is_plain(from) || matches!(from, Type::String | Type::Dynamic),
        _ => true,
    }
}

/// Converts the value to this type.
pub(super) fn convert(value: &Value, to: Type) -> Value {
    let converted = match (to, value.plain()) {
        (Type::String, _) => Some(Value::String(value.to_text())),
        (Type::Dynamic, _) => return value.clone(),
        (_, Value::Null) => None,
        (Type::Int, value) => integer(&value).filter(|value| i32::try_from(*value).is_ok()).map(Value::Long),
        (Type::Long, value) => integer(&value).map(Value::Long),
        (Type::Real, Value::Bool(value)) => Some(Value::Real(f64::from(u8::from(value)))),
        (Type::Real, Value::String(text)) => literal::typed(Type::Real, &text),
        (Type::Real, value) => value.number().map(Value::Real),
        (Type::Bool, Value::String(text)) => literal::typed(Type::Bool, &text.to_lowercase()),
        (Type::Bool, Value::Bool(value)) => Some(Value::Bool(value)),
        (Type::Bool, value) => value.number().map(|value| Value::Bool(value != 0.0)),
        (Type::Guid, Value::String(text)) => literal::typed(Type::Guid, &text),
        (Type::DateTime, Value::String(text)) => literal::date_time(&text).map(Value::DateTime),
        (Type::DateTime, value @ Value::DateTime(_)) => Some(value),
        (Type::TimeSpan, Value::String(text)) => literal::timespan(&text).map(Value::TimeSpan),
        (Type::TimeSpan, value @ Value::TimeSpan(_)) => Some(value),
        (Type::Guid | Type::DateTime | Type::TimeSpan, _) => None,
    };
    converted.unwrap_or(Value::Null)
}

/// The integer part of a number, or the integer in a text.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Long(value) => Some(*value),
        Value::Real(value) => {
            // 2^63 is not an i64, but -2^63 is.
            const BOUND: f64 = 9_223_372_036_854_775_808.0;
            let value = value.trunc();
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and within the bounds")]
            (-BOUND..BOUND).contains(&value).then_some(value as i64)
        }
        Value::String(text) => match literal::typed(Type::Long, text.trim().trim_start_matches('+')) {
            Some(Value::Long(value)) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// The common type of several values, if they have one.
pub(super) fn common_type(kinds: &[Type]) -> Option<Type> {
    let scalars = kinds.iter().copied().filter(|kind| *kind != Type::Dynamic);
    scalars.map(Some).reduce(|left, right| widest(left?, right?)).unwrap_or(Some(Type::Dynamic))
}

/// The wider type of two numbers, or the type that both values have.
pub(super) fn widest(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (left, right) if left == right => Some(left),
        (left, right) if !left.is_number() || !right.is_number() => None,
        (Type::Real, _) | (_, Type::Real) => Some(Type::Real),
        _ => Some(Type::Long),
    }
}

/// Parses JSON as `parse_json` does. Text that is not JSON is returned as a string.
pub(super) fn parse_json(value: &Value) -> Value {
    match value {
        Value::String(text) if text.is_empty() => Value::Null,
        Value::String(text) => match serde_json::from_str(text) {
            Ok(Json::Null) => Value::Null,
            Ok(json) => Value::Dynamic(json),
            Err(_) => Value::Dynamic(Json::String(text.clone())),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::from(text)
    }

    #[test]
    fn truncates_numbers_and_converts_out_of_range_to_null() {
        for (value, to, expected) in [
            (Value::Real(3.7), Type::Int, Value::Long(3)),
            (Value::Real(-3.7), Type::Long, Value::Long(-3)),
            (Value::Bool(true), Type::Int, Value::Long(1)),
            (Value::Long(i64::from(i32::MAX)), Type::Int, Value::Long(i64::from(i32::MAX))),
            (Value::Long(i64::from(i32::MAX) + 1), Type::Int, Value::Null),
            (Value::Real(1e10), Type::Int, Value::Null),
            (Value::Real(1e10), Type::Long, Value::Long(10_000_000_000)),
            (Value::Real(1e30), Type::Long, Value::Null),
            (Value::Real(f64::NAN), Type::Long, Value::Null),
            (Value::Long(7), Type::Real, Value::Real(7.0)),
            (Value::Real(1.5), Type::Bool, Value::Bool(true)),
            (Value::Long(0), Type::Bool, Value::Bool(false)),
            (Value::Null, Type::Int, Value::Null),
            (Value::Dynamic(serde_json::json!(2.5)), Type::Int, Value::Long(2)),
            (Value::Dynamic(serde_json::json!([1])), Type::Int, Value::Null),
        ] {
            assert_eq!(convert(&value, to), expected, "{value:?} as {to:?}");
        }
    }

    #[test]
    fn converts_only_a_complete_text() {
        for (from, to, expected) in [
            (" -12 ", Type::Int, Value::Long(-12)),
            ("+12", Type::Long, Value::Long(12)),
            ("2147483648", Type::Int, Value::Null),
            ("9223372036854775808", Type::Long, Value::Null),
            ("12abc", Type::Int, Value::Null),
            ("1.5", Type::Long, Value::Null),
            ("", Type::Int, Value::Null),
            ("1.5e3", Type::Real, Value::Real(1500.0)),
            ("1.5x", Type::Real, Value::Null),
            ("TRUE", Type::Bool, Value::Bool(true)),
            ("2", Type::Bool, Value::Bool(true)),
            ("1.5", Type::Bool, Value::Null),
            ("yes", Type::Bool, Value::Null),
            ("0.00:03:00", Type::TimeSpan, Value::TimeSpan(time::Duration::minutes(3))),
            ("00:01:00 junk", Type::TimeSpan, Value::Null),
            ("soon", Type::DateTime, Value::Null),
        ] {
            assert_eq!(convert(&text(from), to), expected, "{from:?} as {to:?}");
        }
    }

    #[test]
    fn converts_values_to_text() {
        for (value, expected) in [
            (Value::Null, ""),
            (Value::Bool(true), "True"),
            (Value::Dynamic(serde_json::json!(true)), "true"),
            (Value::DateTime(time::macros::datetime!(2026-11-30 12:00 UTC)), "2026-11-30T12:00:00.0000000Z"),
            (Value::TimeSpan(time::Duration::hours(25)), "1.01:00:00"),
        ] {
            assert_eq!(convert(&value, Type::String), text(expected));
        }
    }
}
