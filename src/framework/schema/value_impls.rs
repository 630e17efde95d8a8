//! Implementations of [`AttributeValue`] for Rust's standard types: strings, numbers, options and collections.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute_value::AttributeValue;
use super::invalid::Invalid;
use super::spec::{Nesting, Shape};
use crate::framework::value::{Number, Path, Type, Value};

impl AttributeValue for bool {
    fn shape() -> Shape {
        Shape::Type(Type::Bool)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        match value {
            Value::Bool(value) => Ok(*value),
            value => Err(Invalid::kind("true or false", value)),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl AttributeValue for String {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        match value {
            Value::String(value) => Ok(value.clone()),
            value => Err(Invalid::kind("a string", value)),
        }
    }

    fn into_value(self) -> Value {
        Value::String(self)
    }
}

impl AttributeValue for Number {
    fn shape() -> Shape {
        Shape::Type(Type::Number)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        match value {
            Value::Number(value) => Ok(value.clone()),
            value => Err(Invalid::kind("a number", value)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(self)
    }
}

impl AttributeValue for i64 {
    fn shape() -> Shape {
        Number::shape()
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let number = Number::from_value(value)?;
        number.to_i64().ok_or_else(|| {
            Invalid::new("Not a whole number", format!("Expected a whole number of at most 64 bits, found {number}."))
        })
    }

    fn into_value(self) -> Value {
        Value::Number(self.into())
    }
}

/// A value of dynamic type. It is either null or [`Value::Dynamic`].
impl AttributeValue for Value {
    fn shape() -> Shape {
        Shape::Type(Type::Dynamic)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        Ok(value.clone())
    }

    fn into_value(self) -> Value {
        self
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: AttributeValue> AttributeValue for Vec<T> {
    fn shape() -> Shape {
        T::shape().collected(Nesting::List)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let Value::List(values) = value else { return Err(Invalid::kind("a list", value)) };
        let parse = |(index, value)| T::from_value(value).map_err(|invalid| invalid.within(Path::root().index(index)));
        values.iter().enumerate().map(parse).collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: AttributeValue + Ord> AttributeValue for BTreeSet<T> {
    fn shape() -> Shape {
        T::shape().collected(Nesting::Set)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let Value::Set(values) = value else { return Err(Invalid::kind("a set", value)) };
        let parse = |value| T::from_value(value).map_err(|invalid| Invalid { path: Path::root(), ..invalid });
        values.iter().map(parse).collect()
    }

    fn into_value(self) -> Value {
        Value::Set(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: AttributeValue> AttributeValue for BTreeMap<String, T> {
    fn shape() -> Shape {
        T::shape().collected(Nesting::Map)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let Value::Map(values) = value else { return Err(Invalid::kind("a map", value)) };
        let parse = |(key, value): (&String, &Value)| {
            let parsed = T::from_value(value).map_err(|invalid| invalid.within(Path::root().key(key)))?;
            Ok((key.clone(), parsed))
        };
        values.iter().map(parse).collect()
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_null_only_as_an_option() {
        assert_eq!(Option::<String>::from_value(&Value::Null), Ok(None));
        assert_eq!(String::from_value(&Value::Null).expect_err("null").summary, "Missing value");
    }

    #[test]
    fn conversion_error_names_the_element() {
        let values = Value::List(vec![1.into(), Value::Number(Number::parse("1.5").expect("a number"))]);

        let invalid = Vec::<i64>::from_value(&values).expect_err("1.5 is not whole");

        assert_eq!(invalid.path, Path::root().index(1));
    }

    #[test]
    fn converts_collections_both_ways() {
        let map = BTreeMap::from([("a".to_owned(), BTreeSet::from(["x".to_owned()]))]);

        let value = map.clone().into_value();

        assert_eq!(value.conforms(&BTreeMap::<String, BTreeSet<String>>::shape().value_type()), Ok(()));
        assert_eq!(BTreeMap::from_value(&value), Ok(map));
    }
}
