//! The description of attributes and blocks as data, independent of their Rust types.

use std::fmt;

use super::invalid::Invalid;
use super::validator::Validator;
use crate::framework::value::{Type, Value};

/// An attribute or block as data. The protocol, the documentation and the plan read it.
#[derive(Clone)]
pub struct AttributeSpec {
    /// Its name.
    pub name: &'static str,
    /// Who sets it.
    pub mode: Mode,
    /// What Terraform sees of its type.
    pub shape: Shape,
    /// What it means, in Markdown.
    pub description: &'static str,
    /// What to use instead, if it is deprecated.
    pub deprecated: Option<&'static str>,
    /// Whether the CLI hides its value.
    pub sensitive: bool,
    /// Whether plans and states never have it.
    pub write_only: bool,
    /// Its value if the configuration does not set it.
    pub default: Option<Value>,
    /// Which changes need a new object.
    pub replacement: Option<Replacement>,
    /// Whether an update keeps the prior value of what the provider computes.
    pub use_state: Option<UseState>,
    /// The canonical form by which values are compared, if they are not compared as they are.
    pub semantic_equality: Option<CanonicalForm>,
    /// Rules for its value beyond those of its type.
    pub validators: &'static [Validator],
    /// Present if this is a block.
    pub block: Option<BlockLimits>,
    pub(in crate::framework) parse: fn(&Value) -> Result<(), Invalid>,
}

impl AttributeSpec {
    /// Objects with a schema of their own, if its values are such.
    #[must_use]
    pub const fn nested(&self) -> Option<&Nested> {
        self.shape.nested()
    }

    /// The canonical form of a value, by which it is compared.
    #[must_use]
    pub fn canonical(&self, value: &Value) -> Value {
        match self.semantic_equality {
            Some(canonical) if value.is_wholly_known() && !value.is_null() => canonical(value),
            _ => value.clone(),
        }
    }

    /// Whether two values of this attribute mean the same, also if they are spelled differently.
    #[must_use]
    pub fn is_semantically_equal(&self, one: &Value, two: &Value) -> bool {
        one == two || self.canonical(one) == self.canonical(two)
    }

    /// Whether the provider sets the value: computed, without a default, and not configured.
    pub(in crate::framework) fn is_open(&self, configured: &Value) -> bool {
        self.mode.is_computed() && self.default.is_none() && configured.is_null()
    }

    /// The value of this row if nothing is set: null, or an empty collection for a block that can be repeated.
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

/// Returns the canonical form of a value, for example a resource id in lower case.
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
    /// Whether the provider may set it.
    #[must_use]
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// Which prior values an update keeps, of a computed attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UseState {
    /// Every one, null included.
    Always,
    /// Every one but null, which an update may replace.
    NonNull,
}

/// Which changes of an attribute's value need a new object.
#[derive(Clone, Copy, Debug)]
pub enum Replacement {
    /// Every change.
    Always,
    /// Every change to a value that the configuration sets.
    IfConfigured,
    /// Changes for which a rule holds, of the prior and the planned value.
    If(fn(&Value, &Value) -> bool),
}

/// How often a block may be written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BlockLimits {
    /// The minimum number of blocks.
    pub min_items: u32,
    /// The maximum number of blocks. 0 means no limit.
    pub max_items: u32,
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
