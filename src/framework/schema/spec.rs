//! The description of an attribute or block as data, independent of its Rust type.

use std::fmt;

use super::block::BlockLimits;
use super::invalid::Invalid;
use super::shape::{Nested, Nesting, Shape};
use super::validator::Validator;
use crate::framework::value::Value;

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
