//! The description of attributes and blocks as data, independent of their Rust types.

use std::fmt;

use super::invalid::Invalid;
use super::validator::Validator;
use crate::framework::value::{Type, Value};

/// An attribute or block as data. The protocol, the documentation and the plan read it.
#[derive(Clone)]
pub struct AttributeSpec {
    /// The name.
    pub name: &'static str,
    /// Who sets the attribute.
    pub mode: Mode,
    /// The type in the schema.
    pub shape: Shape,
    /// The description, in Markdown.
    pub description: &'static str,
    /// The deprecation message, which names the alternative.
    pub deprecated: Option<&'static str>,
    /// Whether Terraform hides the value.
    pub sensitive: bool,
    /// Whether the attribute is null in all plans and states.
    pub write_only: bool,
    /// The value if the configuration does not set the attribute.
    pub default: Option<Value>,
    /// The changes that replace the object.
    pub replacement: Option<Replacement>,
    /// The prior values that an update keeps, for a computed attribute.
    pub use_state: Option<UseState>,
    /// The canonical form for comparing values.
    pub semantic_equality: Option<CanonicalForm>,
    /// The validators, which check rules beyond those of the type.
    pub validators: &'static [Validator],
    /// The limits of a block. `None` for attributes.
    pub block: Option<BlockLimits>,
    pub(in crate::framework) parse: fn(&Value) -> Result<(), Invalid>,
}

impl AttributeSpec {
    /// The nested attributes, if the type is not plain.
    #[must_use]
    pub const fn nested(&self) -> Option<&Nested> {
        self.shape.nested()
    }

    /// The canonical form of a value, for comparisons.
    #[must_use]
    pub fn canonical(&self, value: &Value) -> Value {
        match self.semantic_equality {
            Some(canonical) if value.is_wholly_known() && !value.is_null() => canonical(value),
            _ => value.clone(),
        }
    }

    /// Whether two values of this attribute are equal, or differ only in spelling.
    #[must_use]
    pub fn is_semantically_equal(&self, one: &Value, two: &Value) -> bool {
        one == two || self.canonical(one) == self.canonical(two)
    }

    /// Whether the provider sets the value: the attribute is computed, has no default, and is not configured.
    pub(in crate::framework) fn is_set_by_provider(&self, configured: &Value) -> bool {
        self.mode.is_computed() && self.default.is_none() && configured.is_null()
    }

    /// The value of an unset attribute or block: null, or an empty collection for a block that can be repeated.
    pub(in crate::framework) fn absent(&self) -> Value {
        match (self.block, self.nested().map(|nested| nested.nesting)) {
            (Some(_), Some(Nesting::List)) => Value::List(Vec::new()),
            (Some(_), Some(Nesting::Set)) => Value::Set(Vec::new()),
            _ => Value::Null,
        }
    }
}

impl fmt::Debug for AttributeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttributeSpec")
            .field("name", &self.name)
            .field("mode", &self.mode)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// A function that returns the canonical form of a value, for example a resource ID in lower case.
pub type CanonicalForm = fn(&Value) -> Value;

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The configuration, always.
    Required,
    /// The configuration, optionally.
    Optional,
    /// The configuration, or else the provider.
    OptionalComputed,
    /// The provider.
    Computed,
}

impl Mode {
    /// Whether the provider may set the attribute.
    #[must_use]
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// The prior values of a computed attribute that an update keeps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UseState {
    /// Every value, also null.
    Always,
    /// Every value except null.
    NonNull,
}

/// The changes of an attribute that replace the object.
#[derive(Clone, Copy, Debug)]
pub enum Replacement {
    /// Every change.
    Always,
    /// Every change to a value that the configuration sets.
    IfConfigured,
    /// Changes for which the rule returns true. Its arguments are the prior and the planned value.
    If(fn(&Value, &Value) -> bool),
}

/// The minimum and maximum number of blocks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BlockLimits {
    /// The minimum number of blocks.
    pub min_items: u32,
    /// The maximum number of blocks. 0 means no limit.
    pub max_items: u32,
}

/// The type of an attribute in the schema: a plain type, or nested attributes.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A plain type.
    Type(Type),
    /// Objects with nested attributes.
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

    /// The nested attributes, if this is not a plain type.
    #[must_use]
    pub const fn nested(&self) -> Option<&Nested> {
        match self {
            Self::Type(_) => None,
            Self::Nested(nested) => Some(nested),
        }
    }

    /// A collection of this shape. A collection of collections of objects becomes a plain type.
    pub(super) fn collected(self, nesting: Nesting) -> Self {
        match self {
            Self::Nested(Nested { nesting: Nesting::Single, attributes }) => {
                Self::Nested(Nested { nesting, attributes })
            }
            shape => Self::Type(nesting.of(shape.value_type())),
        }
    }
}

/// Objects with nested attributes: the value of a nested attribute or a block.
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

/// The nesting mode: one object, or a collection of objects.
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
