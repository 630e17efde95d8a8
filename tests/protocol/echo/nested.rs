//! Types of the sample's attributes: a nested object, a block, a plain object and a tuple.

use terraform_provider_sentinel::framework::{
    Attribute, AttributeValue, Invalid, Number, Shape, Type, Value, nested_object,
};

nested_object! {
    /// A nested object.
    #[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
    pub(super) struct Part {
        label: String = Attribute::required("label").description("Required."),
        weight: Option<Number> = Attribute::optional("weight").description("Optional."),
        color: String =
            Attribute::optional_with_default("color", || "gray".to_owned()).description("With a default."),
    }
}

nested_object! {
    /// A block.
    pub(super) struct Rule {
        label: String = Attribute::required("label").description("Required."),
    }
}

/// An object without a nested schema.
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
