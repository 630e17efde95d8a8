//! Comparisons of values and of texts.

use std::cmp::Ordering;

use regex::Regex;
use serde_json::Value as Json;

use crate::kql::error::KqlError;
use crate::kql::syntax::{Comparison, ListOperator, TextOperator};
use crate::kql::value::{Type, Value};

/// Values of different types compare only if both are numbers or one is dynamic.
pub(super) fn check(left: Type, right: Type) -> Result<Type, KqlError> {
    let is_dynamic = left == Type::Dynamic || right == Type::Dynamic;
    if left == right || is_dynamic || (left.is_number() && right.is_number()) {
        return Ok(Type::Bool);
    }
    Err(KqlError::wrong_type(format!(
        "Cannot compare values of types {} and {}. Try adding explicit casts",
        left.name(),
        right.name()
    )))
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

/// A comparison with null does not hold, except that null differs from everything.
pub(super) fn holds(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let order = left.order(right);
    match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    }
}

/// Both ends count.
pub(super) fn is_between(value: &Value, low: &Value, high: &Value) -> bool {
    holds(Comparison::GreaterOrEqual, value, low) && holds(Comparison::LessOrEqual, value, high)
}

/// Whether a value is the item, or one of the items of a dynamic array. For [`ListOperator::HasAll`]: has all of them.
pub(super) fn is_in(operator: ListOperator, value: &Value, item: &Value) -> bool {
    if let Value::Dynamic(Json::Array(items)) = item {
        let mut items = items.iter().map(|item| is_in(operator, value, &Value::Dynamic(item.clone())));
        return if operator == ListOperator::HasAll { items.all(|it| it) } else { items.any(|it| it) };
    }
    match operator {
        ListOperator::In => holds(Comparison::Equal, value, item),
        ListOperator::InWithoutCase => text_holds(TextOperator::Equal, false, &value.to_text(), &item.to_text()),
        ListOperator::HasAny | ListOperator::HasAll => {
            text_holds(TextOperator::Has, false, &value.to_text(), &item.to_text())
        }
    }
}

pub(super) fn text_holds(operator: TextOperator, has_case: bool, text: &str, part: &str) -> bool {
    if !has_case {
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
        TextOperator::MatchesRegex => Regex::new(part).is_ok_and(|regex| regex.is_match(text)),
    }
}

/// Whether a text contains a part at which a word begins, or ends.
fn has_word(text: &str, part: &str, begins: bool, ends: bool) -> bool {
    let touches = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    part.is_empty()
        || text.match_indices(part).any(|(at, found)| {
            let is_inside = begins && touches(text[..at].chars().next_back());
            let goes_on = ends && touches(text[at + found.len()..].chars().next());
            !is_inside && !goes_on
        })
}
