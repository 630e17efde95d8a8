//! Objects in attributes and blocks, each with a table of attributes of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attribute::{AnyAttribute, Attribute};
use super::invalid::Invalid;
use super::shape::{AttributeValue, Nested, Nesting, Shape};
use crate::framework::value::{Path, Value};

/// A struct that is an object in Terraform. It is an [`AttributeValue`], and so are collections of it: an
/// `Attribute<Vec<Self>>` is a list of such objects.
pub trait NestedObject: Sized {
    /// Its attributes, in the order of the documentation.
    fn attributes() -> &'static [&'static dyn AnyAttribute];

    /// Reads it from its attributes.
    ///
    /// # Errors
    /// Says which attribute is wrong.
    fn parse(object: &Object<'_>) -> Result<Self, Invalid>;

    /// Writes it into its attributes. What is not written is null.
    fn write(self, object: &mut Object<'_>);
}

/// The attributes of a nested object.
#[derive(Clone, Debug)]
pub struct Object<'a>(Cow<'a, BTreeMap<String, Value>>);

impl Object<'_> {
    /// Reads an attribute. In a configuration, one that is not set has its default.
    ///
    /// # Errors
    /// The value is not one of the attribute's type.
    pub fn get<T: AttributeValue>(&self, attribute: &Attribute<T>) -> Result<T, Invalid> {
        let value = self.0.get(attribute.name()).unwrap_or(&Value::Null);
        if let Some(default) = attribute.default_value().filter(|_| value.is_null()) {
            return Ok(default);
        }
        T::from_value(value).map_err(|invalid| invalid.within(attribute.path()))
    }

    /// Sets an attribute.
    pub fn set<T: AttributeValue>(&mut self, attribute: &Attribute<T>, value: T) {
        self.0.to_mut().insert(attribute.name().to_owned(), value.into_value());
    }
}

impl<T: NestedObject> AttributeValue for T {
    fn shape() -> Shape {
        let attributes = T::attributes().iter().map(|attribute| attribute.spec()).collect();
        Shape::Nested(Nested { nesting: Nesting::Single, attributes })
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        match value {
            Value::Object(attributes) => Self::parse(&Object(Cow::Borrowed(attributes))),
            value => Err(Invalid::kind("an object", value)),
        }
    }

    fn into_value(self) -> Value {
        let null = |attribute: &&dyn AnyAttribute| (attribute.spec().name.to_owned(), Value::Null);
        let mut object = Object(Cow::Owned(T::attributes().iter().map(null).collect()));
        self.write(&mut object);
        Value::Object(object.0.into_owned())
    }
}

impl Invalid {
    /// A problem with one attribute of a nested object.
    #[must_use]
    pub fn at<T: AttributeValue>(self, attribute: &Attribute<T>) -> Self {
        self.within(Path::attribute(attribute.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOUR: Attribute<String> = Attribute::optional_with_default("colour", || "grey".to_owned()).description("x");

    #[test]
    fn an_attribute_that_is_not_set_has_its_default() {
        let not_set = BTreeMap::from([("colour".to_owned(), Value::Null)]);
        assert_eq!(Object(Cow::Owned(not_set)).get(&COLOUR).as_deref(), Ok("grey"));
    }
}
