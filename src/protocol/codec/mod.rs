//! The protocol's encodings of values, types, paths, diagnostics and schemas.
//!
//! Everything here is a pure function. No input, however malformed, makes it panic, recurse without limit, or allocate
//! out of proportion to its size. Errors name the attribute that they are about.

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
