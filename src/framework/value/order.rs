//! Equality and order of values.
//!
//! Terraform's sets have no order and no duplicates. The order of values is only used to compare sets.

use std::cmp::Ordering;

use super::Value;

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => one.cmp(two),
            (Self::Number(one), Self::Number(two)) => one.cmp(two),
            (Self::String(one), Self::String(two)) => one.cmp(two),
            (Self::List(one), Self::List(two)) | (Self::Tuple(one), Self::Tuple(two)) => one.cmp(two),
            (Self::Set(one), Self::Set(two)) => elements(one).cmp(&elements(two)),
            (Self::Map(one), Self::Map(two)) | (Self::Object(one), Self::Object(two)) => one.cmp(two),
            (Self::Dynamic(one), Self::Dynamic(two)) => one.cmp(two),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Value {}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

/// The elements of a set in order, each once.
fn elements(set: &[Value]) -> Vec<&Value> {
    let mut elements: Vec<_> = set.iter().collect();
    elements.sort_unstable();
    elements.dedup();
    elements
}

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Unknown => 1,
        Value::Bool(_) => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::List(_) => 5,
        Value::Set(_) => 6,
        Value::Map(_) => 7,
        Value::Object(_) => 8,
        Value::Tuple(_) => 9,
        Value::Dynamic(_) => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::value::Number;

    #[test]
    fn set_equality_ignores_order_and_duplicates() {
        let set = |elements: &[i64]| Value::Set(elements.iter().map(|element| (*element).into()).collect());

        assert_eq!(set(&[1, 2, 2]), set(&[2, 1]));
        assert_ne!(set(&[1]), set(&[1, 2]));
    }

    #[test]
    fn numbers_are_equal_by_value() {
        assert_eq!(Value::Number(Number::parse("1.0").expect("a number")), Value::from(1));
    }

    #[test]
    fn null_differs_from_unknown() {
        assert_ne!(Value::Null, Value::Unknown);
    }
}
