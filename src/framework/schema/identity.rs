//! Resource identities: the attributes that identify an object for as long as it exists.

use super::attribute::AnyAttribute;
use super::spec::{AttributeSpec, Mode};
use crate::framework::value::{Type, Value};

/// A resource's identity: attributes of the resource itself. The framework takes it from the state, so a resource
/// cannot forget it.
#[derive(Clone, Debug)]
pub struct Identity {
    version: i64,
    specs: Vec<AttributeSpec>,
}

impl Identity {
    /// An identity of these attributes. They are plain values, or lists of such.
    #[must_use]
    pub fn of(version: i64, specs: &[&dyn AnyAttribute]) -> Self {
        Self { version, specs: specs.iter().map(|spec| spec.spec()).collect() }
    }

    /// Version of the identity's own schema.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// Its attributes: rows of the resource's own table.
    #[must_use]
    pub fn attributes(&self) -> &[AttributeSpec] {
        &self.specs
    }

    /// Whether an import by identity must name an attribute. It may leave out what the configuration may leave out.
    #[must_use]
    pub fn is_required_for_import(attribute: &AttributeSpec) -> bool {
        matches!(attribute.mode, Mode::Required | Mode::Computed)
    }

    /// The type of identities.
    #[must_use]
    pub fn value_type(&self) -> Type {
        Type::object(self.specs.iter().map(|spec| (spec.name, spec.shape.value_type())))
    }

    /// The identity of the object that a state describes. Attributes that are unknown in the state are unknown here.
    pub(in crate::framework) fn of_state(&self, state: &Value) -> Value {
        Value::object(self.specs.iter().map(|spec| (spec.name, state.attribute(spec.name).clone())))
    }

    /// Whether two identities are of the same object.
    pub(in crate::framework) fn is_same(&self, one: &Value, two: &Value) -> bool {
        self.specs.iter().all(|spec| spec.is_semantically_equal(one.attribute(spec.name), two.attribute(spec.name)))
    }
}
