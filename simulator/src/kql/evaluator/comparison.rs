//! Comparisons of values and of texts.

use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::kql::error::KqlError;
use crate::kql::syntax::{Comparison, ListOperator, TextOperator};
use crate::kql::value::{Type, Value};

/// The type of a comparison. Values of different types can be compared only if both are numbers or bools, or if one is
/// dynamic.
pub(super) fn check(comparison: Comparison, left: Type, right: Type) -> Result<Type, KqlError> {
    let is_number = |kind: Type| kind.is_number() || kind == Type::Bool;
    let has_order = |kind: Type| is_number(kind) || matches!(kind, Type::DateTime | Type::TimeSpan);
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let fits = match (left, right) {
        (Type::Dynamic, Type::Dynamic) => {
            return Err(KqlError::dynamic("SEM0001", "Cannot compare dynamic values without explicit cast"));
        }
        (Type::Dynamic, other) | (other, Type::Dynamic) => is_equality || other.is_number(),
        (left, right) if left == right => is_equality || has_order(left),
        (left, right) => is_number(left) && is_number(right),
    };
    if fits { Ok(Type::Bool) } else { Err(incomparable(left, right)) }
}

/// Checks an element of a list, which can also be a dynamic array.
pub(super) fn check_element(value: Type, element: Type) -> Result<(), KqlError> {
    if element == Type::Dynamic { Ok(()) } else { check(Comparison::Equal, value, element).map(|_| ()) }
}

/// Checks a range. The end of a range of dates can be a timespan, which is added to its start.
pub(super) fn check_between(value: Type, low: Type, high: Type) -> Result<(), KqlError> {
    check(Comparison::GreaterOrEqual, value, low)?;
    if (value, low, high) == (Type::DateTime, Type::DateTime, Type::TimeSpan) {
        return Ok(());
    }
    check(Comparison::LessOrEqual, value, high).map(|_| ())
}

fn incomparable(left: Type, right: Type) -> KqlError {
    KqlError::wrong_type(format!(
        "Cannot compare values of types {} and {}. Try adding explicit casts",
        left.name(),
        right.name()
    ))
}

pub(super) fn check_text(left: Type, right: Type) -> Result<Type, KqlError> {
    let is_text = |kind| matches!(kind, Type::String | Type::Dynamic);
    if is_text(left) && is_text(right) {
        return Ok(Type::Bool);
    }
    Err(KqlError::wrong_type(format!(
        "The operator requires values of type string, found {} and {}",
        left.name(),
        right.name()
    )))
}

/// Whether a comparison holds. Null differs from every value. None if the result is unknown: for two nulls, and for the
/// order of null and a value.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let order = left.order(right);
    let is_null = |value: &Value| value.plain() == Value::Null;
    match (comparison, is_null(left), is_null(right)) {
        (Comparison::Equal | Comparison::NotEqual, true, true) => return None,
        (Comparison::Equal | Comparison::NotEqual, ..) | (_, false, false) => {}
        _ => return None,
    }
    Some(match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    })
}

/// Whether a value is in a range, which includes both ends.
pub(super) fn between(value: &Value, low: &Value, high: &Value) -> Option<bool> {
    let end = match (low, high) {
        (Value::DateTime(low), Value::TimeSpan(length)) => {
            low.checked_add(*length).map_or(Value::Null, Value::DateTime)
        }
        _ => high.clone(),
    };
    let (after, before) =
        (compare(Comparison::GreaterOrEqual, value, low), compare(Comparison::LessOrEqual, value, &end));
    Some(after? && before?)
}

/// Whether a value matches the item, or any item of a dynamic array. For [`ListOperator::HasAll`], all items.
pub(super) fn is_in(operator: ListOperator, value: &Value, item: &Value) -> bool {
    if let Value::Dynamic(Json::Array(items)) = item {
        let mut items = items.iter().map(|item| is_in(operator, value, &Value::Dynamic(item.clone())));
        return if operator == ListOperator::HasAll { items.all(|it| it) } else { items.any(|it| it) };
    }
    match operator {
        ListOperator::In => compare(Comparison::Equal, value, item) == Some(true),
        ListOperator::InIgnoringCase => text_holds(TextOperator::Equal, false, &value.to_text(), &item.to_text()),
        ListOperator::HasAny | ListOperator::HasAll => {
            text_holds(TextOperator::Has, false, &value.to_text(), &item.to_text())
        }
    }
}

pub(super) fn text_holds(operator: TextOperator, is_case_sensitive: bool, text: &str, part: &str) -> bool {
    if !is_case_sensitive {
        return text_holds(operator, true, &text.to_lowercase(), &part.to_lowercase());
    }
    match operator {
        TextOperator::Equal => text == part,
        TextOperator::Has => has_word(text, part, true, true),
        TextOperator::HasPrefix => has_word(text, part, true, false),
        TextOperator::HasSuffix => has_word(text, part, false, true),
        TextOperator::Contains => text.contains(part),
        TextOperator::StartsWith => text.starts_with(part),
        TextOperator::EndsWith => text.ends_with(part),
    }
}

/// Whether a text contains the part at the beginning of a word (`begins`), at the end of a word (`ends`), or both.
fn has_word(text: &str, part: &str, begins: bool, ends: bool) -> bool {
    let touches = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    part.is_empty()
        || text.match_indices(part).any(|(at, found)| {
            let follows_letter = begins && touches(text[..at].chars().next_back());
            let precedes_letter = ends && touches(text[at + found.len()..].chars().next());
            !follows_letter && !precedes_letter
        })
}
