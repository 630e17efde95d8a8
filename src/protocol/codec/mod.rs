//! The protocol's encodings of values, types, paths, diagnostics and schemas.
//!
//! All functions are pure. Malformed input cannot make them panic, recurse without limit, or allocate much more memory
//! than its size. Errors contain the path of the attribute.

pub(super) mod diagnostic;
pub(super) mod dynamic_value;
mod error;
pub(super) mod json;
mod msgpack;
mod number;
pub(super) mod schema;
mod type_json;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod strategies;
