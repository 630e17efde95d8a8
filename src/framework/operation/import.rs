//! What an import names.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::schema::{AttributeValue, Row};
use crate::framework::value::{Path, Value};

/// The object that an import names.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportTarget {
    /// By an id, in whatever forms the resource documents.
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
    /// The value is not one of the attribute's type; the diagnostic is on the attribute.
    pub fn get<R: Row>(&self, row: &R) -> Result<R::Value, Diagnostics> {
        let value = self.0.attribute(row.name());
        Ok(R::Value::from_value(value).map_err(|invalid| invalid.within(Path::attribute(row.name())))?)
    }
}
