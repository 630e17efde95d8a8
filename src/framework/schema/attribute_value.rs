//! The conversion between attribute values and Rust types.

use super::invalid::Invalid;
use super::spec::Shape;
use crate::framework::value::{Path, Value};

/// A Rust type that an attribute may have.
///
/// Concepts implement it for their own types: what `from_value` refuses is reported on the attribute when the
/// configuration is validated, so a resource never sees it.
pub trait AttributeValue: Sized {
    /// What Terraform sees.
    fn shape() -> Shape;

    /// Reads a wholly known value; `null` is a value too, which only an `Option` takes.
    ///
    /// # Errors
    /// Says what is wrong with the value, and where in it.
    fn from_value(value: &Value) -> Result<Self, Invalid>;

    /// The value that this is in Terraform, of the type that `shape` names.
    fn into_value(self) -> Value;
}

/// Reads a wholly known value, or the default of an attribute that is not set. `path` is where the attribute is.
pub(super) fn parse_or_default<T: AttributeValue>(value: &Value, default: Option<T>, path: Path) -> Result<T, Invalid> {
    match default {
        Some(default) if value.is_null() => Ok(default),
        _ => T::from_value(value).map_err(|invalid| invalid.within(path)),
    }
}
