//! The conversion between attribute values and Rust types.

use super::invalid::Invalid;
use super::spec::Shape;
use crate::framework::value::{Path, Value};

/// A Rust type for the values of an attribute.
///
/// Other modules implement it for their own types. The validation of the configuration reports a value that
/// `from_value` rejects, so a resource never receives it.
pub trait AttributeValue: Sized {
    /// The type in the schema.
    fn shape() -> Shape;

    /// Converts a wholly known value. Only an `Option` accepts null.
    ///
    /// # Errors
    /// What is wrong with the value, and where.
    fn from_value(value: &Value) -> Result<Self, Invalid>;

    /// Converts to a Terraform value of the type that `shape` returns.
    fn into_value(self) -> Value;
}

/// Converts a wholly known value, or returns the default if the value is null. `path` is the attribute's path.
pub(super) fn parse_or_default<T: AttributeValue>(value: &Value, default: Option<T>, path: Path) -> Result<T, Invalid> {
    match default {
        Some(default) if value.is_null() => Ok(default),
        _ => T::from_value(value).map_err(|invalid| invalid.within(path)),
    }
}
