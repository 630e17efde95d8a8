//! The ID of a Microsoft Entra tenant: a case-insensitive GUID.

use std::fmt;

use crate::azure::is_guid;
use crate::framework::{AttributeValue, Invalid, Shape, Type, Value};

/// The ID of a Microsoft Entra tenant. Keeps its original spelling.
#[derive(Clone, Debug)]
pub struct TenantId(String);

impl TenantId {
    /// Wraps an ID that Azure returned, without validation.
    #[must_use]
    pub fn from_azure(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is the same for equal tenant IDs.
    #[must_use]
    pub fn normal_form(value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(text.to_ascii_lowercase()),
            other => other.clone(),
        }
    }
}

impl PartialEq for TenantId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for TenantId {}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AttributeValue for TenantId {
    fn shape() -> Shape {
        Shape::Type(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Invalid> {
        let text = String::from_value(value)?;
        if is_guid(&text) {
            return Ok(Self(text));
        }
        Err(Invalid::new(
            "Invalid tenant ID",
            format!(
                "{text:?} is not the ID of a tenant. Expected a GUID, for example 11111111-1111-1111-1111-111111111111. \
                 A domain name is not supported."
            ),
        ))
    }

    fn into_value(self) -> Value {
        Value::String(self.0)
    }
}
