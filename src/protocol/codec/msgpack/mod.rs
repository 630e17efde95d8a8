//! Values in MessagePack, the encoding that Terraform uses.
//!
//! | value | encoding |
//! |---|---|
//! | null | nil |
//! | unknown | an extension: sent as `d4 00 00`, accepted with any type and data (refinements are ignored) |
//! | number | integer, float, or decimal text: see [`super::number`] |
//! | list, set, tuple | array |
//! | map, object | map with string keys; an object has exactly its attributes |
//! | dynamic | nil, an extension, or an array of the type (JSON in binary data) and the value |

mod decode;
mod encode;
mod reader;

pub(super) use decode::decode;
pub(super) use encode::encode;

#[cfg(test)]
mod tests;
