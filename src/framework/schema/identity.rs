//! Resource identities: the attributes that identify an object for as long as it exists.

use super::attribute::AnyAttribute;
use super::spec::{AttributeSpec, Mode};
use crate::framework::value::{Type, Value};

/// The identity schema of a resource: some of the resource's own attributes. The framework derives the identity from
/// the state, so a resource never sets it.
#[derive(Clone, Debug)]
pub struct Identity {
    version: i64,
    specs: Vec<AttributeSpec>,
}

impl Identity {
    /// Creates an identity of these attributes. They must be plain values or lists of plain values.
    #[must_use]
    pub fn of(version: i64, specs: &[&dyn AnyAttribute]) -> Self {
        Self { version, specs: specs.iter().map(|spec| spec.spec()).collect() }
    }

    /// The version of the identity schema.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// The attributes, which are also attributes of the resource.
    #[must_use]
    pub fn attributes(&self) -> &[AttributeSpec] {
        &self.specs
    }

    /// Whether an import by identity must set an attribute. It may omit the attributes that the configuration may omit.
    #[must_use]
    pub fn is_required_for_import(attribute: &AttributeSpec) -> bool {
        matches!(attribute.mode, Mode::Required | Mode::Computed)
    }

    /// The type of identities.
    #[must_use]
    pub fn value_type(&self) -> Type {
        Type::object(self.specs.iter().map(|spec| (spec.name, spec.shape.value_type())))
    }

    /// Derives the identity from a state. Attributes that are unknown in the state are unknown in the identity.
    pub(in crate::framework) fn of_state(&self, state: &Value) -> Value {
        Value::object(self.specs.iter().map(|spec| (spec.name, state.attribute(spec.name).clone())))
    }

    /// Whether two identities identify the same object.
    pub(in crate::framework) fn is_same(&self, one: &Value, two: &Value) -> bool {
        self.specs.iter().all(|spec| spec.is_semantically_equal(one.attribute(spec.name), two.attribute(spec.name)))
    }
}
