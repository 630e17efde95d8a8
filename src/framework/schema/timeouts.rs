//! The `timeouts` block: the timeout of each operation.

use std::time::Duration;

use super::attribute::{AnyAttribute, Attribute};
use super::attribute_value::AttributeValue;
use super::duration::OperationTimeout;
use super::spec::{AttributeSpec, BlockLimits, Mode, Nested, Nesting, Shape};
use crate::framework::value::Value;

/// The block's name.
pub(in crate::framework) const BLOCK: &str = "timeouts";

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// The default timeouts. `None` removes the operation's argument from the `timeouts` block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// The timeout of creation.
    pub create: Option<Duration>,
    /// The timeout of reads.
    pub read: Option<Duration>,
    /// The timeout of updates.
    pub update: Option<Duration>,
    /// The timeout of deletion.
    pub delete: Option<Duration>,
}

/// An operation that has a timeout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::framework) enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

impl Timeouts {
    /// The usual timeouts of a resource: 30 minutes, and 5 minutes for reading.
    pub const RESOURCE: Self = Self {
        create: Some(minutes(30)),
        read: Some(minutes(5)),
        update: Some(minutes(30)),
        delete: Some(minutes(30)),
    };

    /// The usual timeout of a data source: 5 minutes for reading.
    pub const DATA_SOURCE: Self = Self { create: None, read: Some(minutes(5)), update: None, delete: None };

    /// The argument of the `timeouts` block for an operation, if the block has one.
    pub(in crate::framework) const fn name(&self, operation: Operation) -> Option<&'static str> {
        let (attribute, default) = self.of(operation);
        if default.is_some() { Some(attribute.name()) } else { None }
    }

    /// The timeout of an operation: from the object's `timeouts` block, or the default.
    pub(in crate::framework) fn duration(&self, operation: Operation, object: &Value) -> Duration {
        let (attribute, default) = self.of(operation);
        let configured = object.attribute(BLOCK).attribute(attribute.name());
        let configured = OperationTimeout::from_value(configured).map(|timeout| timeout.duration());
        configured.unwrap_or_else(|_| default.unwrap_or(minutes(30)))
    }

    const fn of(&self, operation: Operation) -> (&'static Attribute<Option<OperationTimeout>>, Option<Duration>) {
        match operation {
            Operation::Create => (&CREATE, self.create),
            Operation::Read => (&READ, self.read),
            Operation::Update => (&UPDATE, self.update),
            Operation::Delete => (&DELETE, self.delete),
        }
    }

    /// The block as data.
    pub(super) fn spec(&self) -> AttributeSpec {
        let specs = [(&CREATE, self.create), (&READ, self.read), (&UPDATE, self.update), (&DELETE, self.delete)];
        let attributes =
            specs.into_iter().filter_map(|(attribute, default)| default.map(|_| attribute.spec())).collect();
        AttributeSpec {
            shape: Shape::Nested(Nested { nesting: Nesting::Single, attributes }),
            block: Some(BlockLimits { min_items: 0, max_items: 1 }),
            parse: |_| Ok(()),
            ..Attribute::<Option<String>>::new(BLOCK, Mode::Optional)
                .description("Timeouts, as durations such as `30s`, `10m` or `1h30m`.")
                .spec()
        }
    }
}

static CREATE: Attribute<Option<OperationTimeout>> =
    Attribute::optional("create").description("How long to wait for creation.");
static READ: Attribute<Option<OperationTimeout>> =
    Attribute::optional("read").description("How long to wait for reading.");
static UPDATE: Attribute<Option<OperationTimeout>> =
    Attribute::optional("update").description("How long to wait for updates.");
static DELETE: Attribute<Option<OperationTimeout>> =
    Attribute::optional("delete").description("How long to wait for deletion.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_block_overrides_the_default() {
        let object = Value::object([(BLOCK, Value::object([("create", "1h30m".into()), ("read", Value::Null)]))]);

        assert_eq!(Timeouts::RESOURCE.duration(Operation::Create, &object), minutes(90));
        assert_eq!(Timeouts::RESOURCE.duration(Operation::Read, &object), minutes(5));
        assert_eq!(Timeouts::RESOURCE.duration(Operation::Delete, &Value::Null), minutes(30));
    }

    #[test]
    fn block_contains_only_operations_with_a_default() {
        let spec = Timeouts::DATA_SOURCE.spec();

        let names: Vec<_> = spec.nested().expect("a block").attributes.iter().map(|spec| spec.name).collect();
        assert_eq!(names, ["read"]);
    }
}
