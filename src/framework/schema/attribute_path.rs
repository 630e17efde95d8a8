//! Typed paths: the path of an attribute or block, and the Rust type of its value.

use super::attribute::Attribute;
use super::attribute_value::{AttributeValue, parse_or_default};
use super::block::Block;
use super::invalid::Invalid;
use super::nested::SingleObject;
use crate::framework::value::{Path, Value};

/// A typed path in a configuration, plan or state. It leads to an [`Attribute`], a [`Block`], or an attribute nested in
/// one of them ([`AttributePath::child`]).
pub trait AttributePath {
    /// The Rust type of the value.
    type Value: AttributeValue;

    /// The path.
    fn path(&self) -> Path;

    /// The default of the attribute.
    fn default_value(&self) -> Option<Self::Value>;

    /// An attribute of the nested object at this path. If the object is null, the attribute reads as null.
    ///
    /// ```
    /// use terraform_provider_sentinel::framework::*;
    ///
    /// nested_object! {
    ///     /// Who is to be notified.
    ///     pub struct Contact {
    ///         email: Option<String> = Attribute::optional("email").description("Address."),
    ///     }
    /// }
    /// const CONTACT: Attribute<Option<Contact>> = Attribute::optional("contact").description("Who is notified.");
    ///
    /// assert_eq!(CONTACT.child(&Contact::email()).path().to_string(), "contact.email");
    /// ```
    fn child<T: AttributeValue>(&self, attribute: &Attribute<T>) -> NestedAttribute<T>
    where
        Self::Value: SingleObject,
    {
        NestedAttribute { parent: self.path(), attribute: *attribute }
    }
}

/// An [`AttributePath`] of any type.
pub trait AnyAttributePath {
    /// The path.
    fn to_path(&self) -> Path;
}

impl<A: AttributePath> AnyAttributePath for A {
    fn to_path(&self) -> Path {
        self.path()
    }
}

/// A top-level attribute or block, which can be read and written.
pub trait RootAttribute: AttributePath {
    /// The name.
    fn name(&self) -> &'static str;
}

/// The typed path of an attribute in a nested object, from [`AttributePath::child`].
#[derive(Clone, Debug)]
pub struct NestedAttribute<T> {
    parent: Path,
    attribute: Attribute<T>,
}

impl<T: AttributeValue> AttributePath for Attribute<T> {
    type Value = T;

    fn path(&self) -> Path {
        Self::path(self)
    }

    fn default_value(&self) -> Option<T> {
        Self::default_value(self)
    }
}

impl<T: AttributeValue> RootAttribute for Attribute<T> {
    fn name(&self) -> &'static str {
        Self::name(self)
    }
}

impl<T: AttributeValue> AttributePath for Block<T> {
    type Value = T;

    fn path(&self) -> Path {
        Self::path(self)
    }

    fn default_value(&self) -> Option<T> {
        None
    }
}

impl<T: AttributeValue> RootAttribute for Block<T> {
    fn name(&self) -> &'static str {
        Self::name(self)
    }
}

impl<T: AttributeValue> AttributePath for NestedAttribute<T> {
    type Value = T;

    fn path(&self) -> Path {
        self.parent.clone().child(self.attribute.name())
    }

    fn default_value(&self) -> Option<T> {
        self.attribute.default_value()
    }
}

/// Converts a wholly known value of an attribute. An unset attribute has its default.
pub(in crate::framework) fn parse<A: AttributePath>(attribute: &A, value: &Value) -> Result<A::Value, Invalid> {
    parse_or_default(value, attribute.default_value(), attribute.path())
}
