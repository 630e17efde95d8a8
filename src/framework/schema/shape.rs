//! The conversion between attribute values and Rust types.

use super::invalid::Invalid;
use super::spec::AttributeSpec;
use crate::framework::value::{Type, Value};

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
    pub(super) fn collected(self, nesting: Nesting) -> Self {
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

/// How many objects there are, and what identifies each.
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
