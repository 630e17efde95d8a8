//! Rust types that an attribute's value is parsed into and made from.

use std::collections::{BTreeMap, BTreeSet};

use super::attribute::AttributeSpec;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::value::{Mismatch, Number, Path, Type, Value};

/// A Rust type that an attribute may have.
///
/// Concepts implement it for their own types: what `from_value` refuses is reported on the attribute when the
/// configuration is validated, so a resource never sees it.
pub trait AttributeValue: Sized {
    /// What Terraform sees.
    fn shape() -> Shape;

    /// Reads a wholly known value; `null` is a value too, which only an `Option` takes.
    ///
    /// # Errors
    /// Says what is wrong with the value, and where in it.
    fn from_value(value: &Value) -> Result<Self, Invalid>;

    /// The value that this is in Terraform, of the type that `shape` names.
    fn into_value(self) -> Value;
}

/// What Terraform sees of an attribute: a type, or attributes nested in it.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A plain type.
    Type(Type),
    /// Objects with a schema of their own.
    Nested(Nested),
}

impl Shape {
    /// The type of values of this shape.
    #[must_use]
    pub fn value_type(&self) -> Type {
        match self {
            Self::Type(ty) => ty.clone(),
            Self::Nested(nested) => nested.value_type(),
        }
    }

    /// The objects with a schema of their own, if this is not a plain type.
    #[must_use]
    pub const fn nested(&self) -> Option<&Nested> {
        match self {
            Self::Type(_) => None,
            Self::Nested(nested) => Some(nested),
        }
    }

    /// A collection of this shape. Objects in a collection of collections have no schema of their own.
    fn collected(self, nesting: Nesting) -> Self {
        match self {
            Self::Nested(Nested { nesting: Nesting::Single, attributes }) => {
                Self::Nested(Nested { nesting, attributes })
            }
            shape => Self::Type(nesting.of(shape.value_type())),
        }
    }
}

/// Objects with a schema of their own: a nested attribute or a block.
#[derive(Clone, Debug)]
pub struct Nested {
    /// One object, or a collection of them.
    pub nesting: Nesting,
    /// The attributes of each object.
    pub attributes: Vec<AttributeSpec>,
}

impl Nested {
    /// The type of values of this shape.
    #[must_use]
    pub fn value_type(&self) -> Type {
        self.nesting.of(self.object_type())
    }

    /// The type of each object.
    #[must_use]
    pub fn object_type(&self) -> Type {
        Type::object(self.attributes.iter().map(|attribute| (attribute.name, attribute.shape.value_type())))
    }
}

/// How many objects there are, and how they are told apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Nesting {
    /// One object.
    Single,
    /// Objects in order.
    List,
    /// Objects without order.
    Set,
    /// Objects by key.
    Map,
}

impl Nesting {
    fn of(self, element: Type) -> Type {
        match self {
            Self::Single => element,
            Self::List => Type::list(element),
            Self::Set => Type::set(element),
            Self::Map => Type::map(element),
        }
    }
}

/// A value that an attribute cannot have.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{summary}: {detail}")]
pub struct Invalid {
    /// Where, from the attribute on.
    pub path: Path,
    /// What is wrong, in a few words.
    pub summary: String,
    /// What was found, what was expected, and what to do.
    pub detail: String,
}

impl Invalid {
    /// A problem with the value as a whole.
    pub fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: Path::root(), summary: summary.into(), detail: detail.into() }
    }

    /// The same problem, seen from the value around it.
    #[must_use]
    pub fn within(mut self, outer: Path) -> Self {
        self.path = outer.join(&self.path);
        self
    }

    /// The value is of a kind that the type cannot have.
    #[must_use]
    pub fn kind(expected: &str, found: &Value) -> Self {
        if found.is_null() {
            return Self::new("Missing value", format!("A value is required here, expected is {expected}."));
        }
        Self::new("Wrong type of value", format!("Expected {expected}, found {}.", found.kind()))
    }
}

impl From<Mismatch> for Invalid {
    fn from(mismatch: Mismatch) -> Self {
        Self::new("Wrong type of value", format!("{mismatch}.")).within(mismatch.path)
    }
}

impl From<Invalid> for Diagnostic {
    fn from(invalid: Invalid) -> Self {
        let diagnostic = Self::error(invalid.summary, invalid.detail);
        if invalid.path.is_root() { diagnostic } else { diagnostic.at(invalid.path) }
    }
}

impl From<Invalid> for Diagnostics {
    fn from(invalid: Invalid) -> Self {
        Diagnostic::from(invalid).into()
    }
}

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

/// A value of any type. One that is not null must be [`Value::Dynamic`].
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
    fn null_is_only_read_as_an_option() {
        assert_eq!(Option::<String>::from_value(&Value::Null), Ok(None));
        assert_eq!(String::from_value(&Value::Null).expect_err("null").summary, "Missing value");
    }

    #[test]
    fn an_element_that_is_refused_is_named() {
        let values = Value::List(vec![1.into(), Value::Number(Number::parse("1.5").expect("a number"))]);

        let invalid = Vec::<i64>::from_value(&values).expect_err("1.5 is not whole");

        assert_eq!(invalid.path, Path::root().index(1));
    }

    #[test]
    fn collections_are_read_and_made() {
        let map = BTreeMap::from([("a".to_owned(), BTreeSet::from(["x".to_owned()]))]);

        let value = map.clone().into_value();

        assert_eq!(value.conforms(&BTreeMap::<String, BTreeSet<String>>::shape().value_type()), Ok(()));
        assert_eq!(BTreeMap::from_value(&value), Ok(map));
    }
}
