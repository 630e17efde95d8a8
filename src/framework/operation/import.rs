//! The target of an import: an ID or an identity.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{RootAttribute, parse};
use crate::framework::value::Value;

/// The object to import.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportTarget {
    /// The import ID, in any form that the resource documents.
    Id(String),
    /// The resource identity.
    Identity(ImportIdentity),
}

/// The resource identity of the object to import.
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
