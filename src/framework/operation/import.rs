//! The target of an import: an ID or an identity.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{RootAttribute, parse};
use crate::framework::value::Value;

/// The object that an import names.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportTarget {
    /// By an ID, in any form that the resource documents.
    Id(String),
    /// By the attributes of its identity.
    Identity(ImportIdentity),
}

/// The identity that an import names.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportIdentity(pub(in crate::framework) Value);

impl ImportIdentity {
    /// Reads an attribute of the identity.
    ///
    /// # Errors
    /// The value does not have the attribute's type. The diagnostic is on the attribute.
    pub fn get<A: RootAttribute>(&self, attribute: &A) -> Result<A::Value, Diagnostics> {
        Ok(parse(attribute, self.0.attribute(attribute.name()))?)
    }
}
