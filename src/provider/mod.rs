//! The provider: arguments, credentials, registry.

mod environment;

pub use environment::Environment;
