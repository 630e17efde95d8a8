//! Blocks: nested objects in the syntax `name { … }`.
//!
//! New schemas use nested attributes instead. Blocks exist for established block names, mainly `timeouts`.

use std::collections::BTreeSet;
use std::fmt;

use super::attribute::{AnyAttribute, Attribute};
use super::attribute_value::AttributeValue;
use super::nested::NestedObject;
use super::spec::{AttributeSpec, BlockLimits, Mode};
use crate::framework::value::Path;

/// A block of a schema. `T` is the Rust type of its value.
pub struct Block<T> {
    spec: Attribute<T>,
    limits: BlockLimits,
}

impl<T: NestedObject> Block<Option<T>> {
    /// Creates a block that may occur once.
    #[must_use]
    pub const fn single(name: &'static str) -> Self {
        Self { spec: Attribute::new(name, Mode::Optional), limits: BlockLimits { min_items: 0, max_items: 1 } }
    }
}

impl<T: NestedObject> Block<Vec<T>> {
    /// Creates a block that may occur several times, in an order that matters.
    #[must_use]
    pub const fn list(name: &'static str) -> Self {
        Self { spec: Attribute::new(name, Mode::Optional), limits: BlockLimits { min_items: 0, max_items: 0 } }
    }

    /// Sets the minimum and maximum number of blocks. A maximum of 0 means no limit.
    #[must_use]
    pub const fn items(mut self, at_least: u32, at_most: u32) -> Self {
        self.limits = BlockLimits { min_items: at_least, max_items: at_most };
        self
    }
}

impl<T: NestedObject + Ord> Block<BTreeSet<T>> {
    /// Creates a block that may occur several times, in any order.
    #[must_use]
    pub const fn set(name: &'static str) -> Self {
        Self { spec: Attribute::new(name, Mode::Optional), limits: BlockLimits { min_items: 0, max_items: 0 } }
    }
}

impl<T: AttributeValue> Block<T> {
    /// Sets the description, in Markdown.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.spec = self.spec.description(text);
        self
    }

    /// Deprecates the block: Terraform warns if it is set. The message names the alternative.
    #[must_use]
    pub const fn deprecated(mut self, message: &'static str) -> Self {
        self.spec = self.spec.deprecated(message);
        self
    }

    /// A change replaces the object.
    #[must_use]
    pub const fn requires_replace(mut self) -> Self {
        self.spec = self.spec.requires_replace();
        self
    }

    /// The path of the block in its object.
    #[must_use]
    pub fn path(&self) -> Path {
        self.spec.path()
    }

    /// The block's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.spec.name()
    }

    pub(super) fn spec(&self) -> AttributeSpec {
        AttributeSpec { block: Some(self.limits), ..self.spec.spec() }
    }
}

impl<T> Clone for Block<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Block<T> {}

impl<T> fmt::Debug for Block<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("row", &self.spec).field("limits", &self.limits).finish()
    }
}
