//! One row of a schema table: an attribute with its type, its mode and its rules.

use std::fmt;

use super::block::BlockLimits;
use super::shape::{AttributeValue, Invalid, Shape};
use super::validator::Validator;
use crate::framework::value::{Path, Value};

/// An attribute. Made as a constant, it is the only place where the attribute's name is spelled; what reads and writes
/// the attribute names the constant and so gets the right type.
///
/// ```
/// use terraform_provider_sentinel::framework::Attribute;
///
/// const WORKSPACE_ID: Attribute<String> =
///     Attribute::required("workspace_id").description("ARM id of the workspace.").requires_replace();
/// ```
pub struct Attribute<T> {
    name: &'static str,
    mode: Mode,
    description: &'static str,
    deprecated: Option<&'static str>,
    sensitive: bool,
    write_only: bool,
    default: Option<fn() -> T>,
    replacement: Option<Replacement>,
    keep_state_for_unknown: bool,
    normaliser: Option<Normaliser>,
    validators: &'static [Validator],
}

/// Gives the form in which equal values are equal, for example a resource id in lower case.
pub type Normaliser = fn(&Value) -> Value;

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The configuration, always.
    Required,
    /// The configuration, if it likes.
    Optional,
    /// The configuration; where it does not, the provider.
    OptionalComputed,
    /// The provider.
    Computed,
}

impl Mode {
    /// Whether the configuration may set it.
    #[must_use]
    pub const fn is_configurable(self) -> bool {
        !matches!(self, Self::Computed)
    }

    /// Whether the provider may set it.
    #[must_use]
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// Which changes of an attribute's value need a new object.
#[derive(Clone, Copy, Debug)]
pub enum Replacement {
    /// Every change.
    Always,
    /// Changes for which a rule holds, of the prior and the planned value.
    If(fn(&Value, &Value) -> bool),
}

impl<T: AttributeValue> Attribute<T> {
    /// An attribute that the configuration must set.
    #[must_use]
    pub const fn required(name: &'static str) -> Self {
        Self::new(name, Mode::Required)
    }

    /// An attribute that only the provider sets.
    #[must_use]
    pub const fn computed(name: &'static str) -> Self {
        Self::new(name, Mode::Computed)
    }

    /// An attribute that has a value of its own where the configuration does not set it.
    #[must_use]
    pub const fn optional_with_default(name: &'static str, default: fn() -> T) -> Self {
        let mut attribute = Self::new(name, Mode::OptionalComputed);
        attribute.default = Some(default);
        attribute
    }

    /// What it means, in Markdown.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// The CLI does not show its value.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The CLI warns where it is set; the message says what to use instead.
    #[must_use]
    pub const fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecated = Some(message);
        self
    }

    /// A change needs a new object.
    #[must_use]
    pub const fn requires_replace(mut self) -> Self {
        self.replacement = Some(Replacement::Always);
        self
    }

    /// A change for which the rule holds needs a new object; the rule is given the prior and the planned value.
    #[must_use]
    pub const fn requires_replace_if(mut self, rule: fn(&Value, &Value) -> bool) -> Self {
        self.replacement = Some(Replacement::If(rule));
        self
    }

    /// An update does not change what the provider set, so the plan need not show it as unknown.
    #[must_use]
    pub const fn keep_state_for_unknown(mut self) -> Self {
        self.keep_state_for_unknown = true;
        self
    }

    /// Values with equal normal forms are equal: the spelling that was there first is kept. The function is given the
    /// attribute's whole value, never null or unknown.
    #[must_use]
    pub const fn normalise(mut self, normaliser: Normaliser) -> Self {
        self.normaliser = Some(normaliser);
        self
    }

    /// Rules for the value beyond those of its type.
    #[must_use]
    pub const fn validate(mut self, validators: &'static [Validator]) -> Self {
        self.validators = validators;
        self
    }

    /// Where the attribute is in its object.
    #[must_use]
    pub fn path(&self) -> Path {
        Path::attribute(self.name)
    }

    /// The attribute's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its value where nothing sets it.
    pub(super) fn default_value(&self) -> Option<T> {
        self.default.map(|default| default())
    }

    pub(super) const fn new(name: &'static str, mode: Mode) -> Self {
        Self {
            name,
            mode,
            description: "",
            deprecated: None,
            sensitive: false,
            write_only: false,
            default: None,
            replacement: None,
            keep_state_for_unknown: false,
            normaliser: None,
            validators: &[],
        }
    }
}

impl<T: AttributeValue> Attribute<Option<T>> {
    /// An attribute that the configuration may set.
    #[must_use]
    pub const fn optional(name: &'static str) -> Self {
        Self::new(name, Mode::Optional)
    }

    /// An attribute that the configuration may set, and the provider where the configuration does not.
    #[must_use]
    pub const fn optional_computed(name: &'static str) -> Self {
        Self::new(name, Mode::OptionalComputed)
    }

    /// An attribute that the configuration may set and nothing keeps: it is read in create and update, and is null in
    /// every plan and state.
    #[must_use]
    pub const fn write_only(name: &'static str) -> Self {
        let mut attribute = Self::new(name, Mode::Optional);
        attribute.write_only = true;
        attribute
    }
}

impl<T> Clone for Attribute<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Attribute<T> {}

impl<T> fmt::Debug for Attribute<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute").field("name", &self.name).field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// A row of a table, whatever its type: [`Attribute`].
pub trait AnyAttribute {
    /// The row as data.
    fn spec(&self) -> AttributeSpec;
}

impl<T: AttributeValue> AnyAttribute for Attribute<T> {
    fn spec(&self) -> AttributeSpec {
        AttributeSpec {
            name: self.name,
            mode: self.mode,
            shape: T::shape(),
            description: self.description,
            deprecated: self.deprecated,
            sensitive: self.sensitive,
            write_only: self.write_only,
            default: self.default.map(|default| default().into_value().composed()),
            replacement: self.replacement,
            keep_state_for_unknown: self.keep_state_for_unknown,
            normaliser: self.normaliser,
            validators: self.validators,
            block: None,
            parse: |value| T::from_value(value).map(|_| ()),
        }
    }
}

/// An attribute or block as data, for whoever reads schemas: the protocol, the documentation, the plan.
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
    /// Its value where the configuration does not set it.
    pub default: Option<Value>,
    /// Which changes need a new object.
    pub replacement: Option<Replacement>,
    /// Whether what the provider set outlives updates.
    pub keep_state_for_unknown: bool,
    /// Which values are equal, if not only equal ones are.
    pub normaliser: Option<Normaliser>,
    /// Rules for its value beyond those of its type.
    pub validators: &'static [Validator],
    /// Present if this is a block.
    pub block: Option<BlockLimits>,
    pub(in crate::framework) parse: fn(&Value) -> Result<(), Invalid>,
}

impl AttributeSpec {
    /// Objects with a schema of their own, if its values are such.
    #[must_use]
    pub const fn nested(&self) -> Option<&super::shape::Nested> {
        self.shape.nested()
    }

    /// The form in which equal values of this attribute are equal.
    #[must_use]
    pub fn normal_form(&self, value: &Value) -> Value {
        match self.normaliser {
            Some(normaliser) if value.is_wholly_known() && !value.is_null() => normaliser(value),
            _ => value.clone(),
        }
    }

    /// Whether two values of this attribute mean the same.
    #[must_use]
    pub fn means_the_same(&self, one: &Value, two: &Value) -> bool {
        one == two || self.normal_form(one) == self.normal_form(two)
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
