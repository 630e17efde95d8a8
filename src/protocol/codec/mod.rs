//! What the protocol carries inside its `bytes` fields and generic messages, in terms of the framework: values, types,
//! paths, diagnostics and schemas.
//!
//! Everything here is a pure function. No input, however malformed, makes it panic, recurse without bound or allocate
//! more than a small multiple of what was received; every error names the attribute it is about.

pub(super) mod diagnostic;
pub(super) mod dynamic_value;
mod error;
pub(super) mod json;
mod msgpack;
mod number;
pub(super) mod schema;
mod type_json;
