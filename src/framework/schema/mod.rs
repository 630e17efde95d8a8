//! Schemas of resources, data sources and the provider.
//!
//! The protocol's schema, parsing, validation, planning, documentation and identity all use the attributes of this
//! schema.

mod attribute;
mod attribute_path;
mod attribute_value;
mod block;
mod duration;
mod identity;
mod invalid;
mod nested;
mod rule;
mod self_check;
mod spec;
mod timeouts;
mod validator;
mod value_impls;

pub use self::attribute::{AnyAttribute, Attribute};
pub(in crate::framework) use self::attribute_path::parse;
pub use self::attribute_path::{AnyAttributePath, AttributePath, NestedAttribute, RootAttribute};
pub use self::attribute_value::AttributeValue;
pub use self::block::Block;
pub use self::duration::OperationTimeout;
pub use self::identity::Identity;
pub use self::invalid::Invalid;
pub(in crate::framework) use self::nested::values;
pub use self::nested::{NestedObject, Object, SingleObject};
pub use self::rule::Rule;
pub use self::self_check::SchemaKind;
pub(in crate::framework) use self::self_check::is_identifier;
pub use self::spec::{AttributeSpec, BlockLimits, CanonicalForm, Mode, Nested, Nesting, Replacement, Shape, UseState};
pub use self::timeouts::Timeouts;
pub(in crate::framework) use self::timeouts::{BLOCK as TIMEOUTS_BLOCK, Operation};
pub use self::validator::{Custom, Pattern, Validator};

use super::value::{Type, Value};

/// The schema of a provider, resource or data source.
#[derive(Clone, Debug)]
pub struct Schema {
    description: &'static str,
    version: i64,
    deprecated: Option<&'static str>,
    /// The attributes in the order of the documentation, then the blocks.
    specs: Vec<AttributeSpec>,
    rules: Vec<Rule>,
    timeouts: Option<Timeouts>,
}

impl Schema {
    /// Creates an empty schema with a description in Markdown.
    #[must_use]
    pub const fn new(description: &'static str) -> Self {
        Self { description, version: 0, deprecated: None, specs: Vec::new(), rules: Vec::new(), timeouts: None }
    }

    /// Sets the version of states with this schema. States of older versions need an upgrade.
    #[must_use]
    pub const fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Deprecates the resource: Terraform warns if it is used. The message names the alternative.
    #[must_use]
    pub const fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecated = Some(message);
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute<T: AttributeValue>(mut self, attribute: &Attribute<T>) -> Self {
        self.specs.push(attribute.spec());
        self
    }

    /// Adds all attributes of a nested object as top-level attributes.
    #[must_use]
    pub fn attributes_of<T: NestedObject>(mut self) -> Self {
        self.specs.extend(T::attributes());
        self
    }

    /// Adds a block.
    #[must_use]
    pub fn block<T: AttributeValue>(mut self, block: &Block<T>) -> Self {
        self.specs.push(block.spec());
        self
    }

    /// Adds the block `timeouts`, with these defaults.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.specs.push(timeouts.spec());
        self.timeouts = Some(timeouts);
        self
    }

    /// Exactly one of these attributes must be set.
    #[must_use]
    pub fn exactly_one_of(self, attributes: &[&dyn AnyAttributePath]) -> Self {
        self.rule(Rule::ExactlyOneOf(rule::paths(attributes)))
    }

    /// At most one of these attributes may be set.
    #[must_use]
    pub fn conflicting(self, attributes: &[&dyn AnyAttributePath]) -> Self {
        self.rule(Rule::Conflicting(rule::paths(attributes)))
    }

    /// If the first attribute is set, the others must be set too.
    #[must_use]
    pub fn also_requires(self, attribute: &dyn AnyAttributePath, others: &[&dyn AnyAttributePath]) -> Self {
        self.rule(Rule::AlsoRequires(attribute.to_path(), rule::paths(others)))
    }

    /// The description, in Markdown.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.description
    }

    /// The version of states with this schema.
    #[must_use]
    pub const fn state_version(&self) -> i64 {
        self.version
    }

    /// The deprecation message, which names the alternative.
    #[must_use]
    pub const fn deprecation(&self) -> Option<&'static str> {
        self.deprecated
    }

    /// The attributes, in the order of the documentation.
    pub fn attributes(&self) -> impl Iterator<Item = &AttributeSpec> {
        self.specs.iter().filter(|spec| spec.block.is_none())
    }

    /// The blocks, `timeouts` included.
    pub fn blocks(&self) -> impl Iterator<Item = &AttributeSpec> {
        self.specs.iter().filter(|spec| spec.block.is_some())
    }

    /// The rules about attributes that are set together.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The defaults of the block `timeouts`, if there is one.
    #[must_use]
    pub const fn default_timeouts(&self) -> Option<Timeouts> {
        self.timeouts
    }

    /// The type of configurations, plans and states with this schema.
    #[must_use]
    pub fn value_type(&self) -> Type {
        Type::object(self.specs.iter().map(|spec| (spec.name, spec.shape.value_type())))
    }

    /// An object of this schema with no attribute set.
    #[must_use]
    pub fn empty_object(&self) -> Value {
        Value::object(self.specs.iter().map(|spec| (spec.name, spec.absent())))
    }

    /// The attributes and blocks.
    pub(in crate::framework) fn specs(&self) -> &[AttributeSpec] {
        &self.specs
    }

    fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}
