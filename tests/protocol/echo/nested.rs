//! Types of the sample's attributes: a nested object, a block, a plain object and a tuple.

use terraform_provider_sentinel::framework::{
    AnyAttribute, Attribute, AttributeValue, Invalid, NestedObject, Number, Object, Shape, Type, Value,
};

const LABEL: Attribute<String> = Attribute::required("label").description("Required.");
const WEIGHT: Attribute<Option<Number>> = Attribute::optional("weight").description("Optional.");
const COLOR: Attribute<String> =
    Attribute::optional_with_default("color", || "gray".to_owned()).description("With a default.");

/// A nested object.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Part {
    label: String,
    weight: Option<Number>,
    color: String,
}

impl NestedObject for Part {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&LABEL, &WEIGHT, &COLOR]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self { label: object.get(&LABEL)?, weight: object.get(&WEIGHT)?, color: object.get(&COLOR)? })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&LABEL, self.label);
        object.set(&WEIGHT, self.weight);
        object.set(&COLOR, self.color);
    }
}

/// A block.
pub(super) struct Rule {
    label: String,
}

impl NestedObject for Rule {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&LABEL]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self { label: object.get(&LABEL)? })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&LABEL, self.label);
    }
}

/// An object without a schema of its own.
pub(super) struct Pair(Value);

impl AttributeValue for Pair {
    fn shape() -> Shape {
        Shape::Type(Type::object([("left", Type::String), ("right", Type::String)]))
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        Ok(Self(value.clone()))
    }

    fn into_value(self) -> Value {
        self.0
    }
}

/// A tuple.
pub(super) struct Couple(Value);

impl AttributeValue for Couple {
    fn shape() -> Shape {
        Shape::Type(Type::Tuple(vec![Type::String, Type::Bool]))
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        Ok(Self(value.clone()))
    }

    fn into_value(self) -> Value {
        self.0
    }
}
