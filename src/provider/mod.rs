//! The provider: arguments, credentials, registry.
