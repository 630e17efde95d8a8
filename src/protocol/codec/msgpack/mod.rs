//! Values in MessagePack, the form that the CLI uses on the wire.
//!
//! | value | encoding |
//! |---|---|
//! | null | nil |
//! | unknown | an extension; a plain one (`d4 00 00`) is sent, any is accepted, refinements are passed over |
//! | number | integer, float, or decimal text: see [`super::number`] |
//! | list, set, tuple | array |
//! | map, object | map with string keys; an object has exactly its attributes |
//! | dynamic | array of the type as JSON in binary data, and the value; bare nil and extension without a type |

mod decode;
mod encode;
mod reader;

pub(super) use decode::decode;
pub(super) use encode::encode;

#[cfg(test)]
mod tests;
