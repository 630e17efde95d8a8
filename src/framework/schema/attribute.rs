//! An attribute of a schema, with its type, its mode and its rules.

use std::fmt;

use super::attribute_value::AttributeValue;
use super::spec::{AttributeSpec, CanonicalForm, Mode, Replacement, UseState};
use super::validator::Validator;
use crate::framework::value::{Path, Value};

/// An attribute of a schema. Declare it as a constant, so that its name appears only once. Code that reads or writes
/// the attribute uses the constant, which also determines the Rust type of the value.
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
    use_state: Option<UseState>,
    semantic_equality: Option<CanonicalForm>,
    validators: &'static [Validator],
}

impl<T: AttributeValue> Attribute<T> {
    /// Creates an attribute that the configuration must set.
    #[must_use]
    pub const fn required(name: &'static str) -> Self {
        Self::new(name, Mode::Required)
    }

    /// Creates an attribute that only the provider sets.
    #[must_use]
    pub const fn computed(name: &'static str) -> Self {
        Self::new(name, Mode::Computed)
    }

    /// Creates an attribute with a default, which applies if the configuration does not set the attribute.
    #[must_use]
    pub const fn optional_with_default(name: &'static str, default: fn() -> T) -> Self {
        let mut attribute = Self::new(name, Mode::OptionalComputed);
        attribute.default = Some(default);
        attribute
    }

    /// Sets the description, in Markdown.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// Hides the value in Terraform's output.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Deprecates the attribute: Terraform warns if it is set. The message names the alternative.
    #[must_use]
    pub const fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecated = Some(message);
        self
    }

    /// A change replaces the object. An unknown planned value leaves this undecided: if the value turns out to be the
    /// same, the object stays.
    #[must_use]
    pub const fn requires_replace(mut self) -> Self {
        self.replacement = Some(Replacement::Always);
        self
    }

    /// A change replaces the object if the configuration sets the value, but not if the provider computes it.
    #[must_use]
    pub const fn requires_replace_if_configured(mut self) -> Self {
        self.replacement = Some(Replacement::IfConfigured);
        self
    }

    /// A change replaces the object if the rule returns true for the prior and the planned value. The rule receives
    /// only known values.
    #[must_use]
    pub const fn requires_replace_if(mut self, rule: fn(&Value, &Value) -> bool) -> Self {
        self.replacement = Some(Replacement::If(rule));
        self
    }

    /// Keeps the prior value of a computed attribute in the plan of an update, also if it is null. Without this, the
    /// plan shows the value as unknown.
    #[must_use]
    pub const fn use_state_for_unknown(mut self) -> Self {
        self.use_state = Some(UseState::Always);
        self
    }

    /// Like [`Attribute::use_state_for_unknown`], except for null: an update may set a value that was null before.
    #[must_use]
    pub const fn use_non_null_state_for_unknown(mut self) -> Self {
        self.use_state = Some(UseState::NonNull);
        self
    }

    /// Treats two values as equal if their canonical forms are equal. The state then keeps its current spelling. The
    /// function receives the attribute's whole value, which is never null or unknown.
    #[must_use]
    pub const fn semantic_equality(mut self, canonical: CanonicalForm) -> Self {
        self.semantic_equality = Some(canonical);
        self
    }

    /// Sets the validators, which check rules beyond those of the type.
    #[must_use]
    pub const fn validate(mut self, validators: &'static [Validator]) -> Self {
        self.validators = validators;
        self
    }

    /// The path of the attribute in its object.
    #[must_use]
    pub fn path(&self) -> Path {
        Path::attribute(self.name)
    }

    /// The attribute's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The default.
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
            use_state: None,
            semantic_equality: None,
            validators: &[],
        }
    }
}

impl<T: AttributeValue> Attribute<Option<T>> {
    /// Creates an attribute that the configuration may set.
    #[must_use]
    pub const fn optional(name: &'static str) -> Self {
        Self::new(name, Mode::Optional)
    }

    /// Creates an attribute that the configuration may set. If it does not, the provider sets the attribute.
    #[must_use]
    pub const fn optional_computed(name: &'static str) -> Self {
        Self::new(name, Mode::OptionalComputed)
    }

    /// Creates a write-only attribute: `create` and `update` can read it, and it is null in every plan and state.
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

/// An [`Attribute`] of any type.
pub trait AnyAttribute {
    /// The attribute's name.
    fn name(&self) -> &'static str;

    /// The attribute as data.
    fn spec(&self) -> AttributeSpec;
}

impl<T: AttributeValue> AnyAttribute for Attribute<T> {
    fn name(&self) -> &'static str {
        self.name
    }

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
            use_state: self.use_state,
            semantic_equality: self.semantic_equality,
            validators: self.validators,
            block: None,
            parse: |value| T::from_value(value).map(|_| ()),
        }
    }
}
