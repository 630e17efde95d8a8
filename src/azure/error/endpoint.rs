//! An endpoint that cannot be used.

/// An address in the configuration or in the metadata of a cloud that is not the address of a service.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} {found:?} cannot be used: {problem}; expected {expected}")]
pub struct InvalidEndpoint {
    /// Which endpoint.
    pub what: &'static str,
    /// What was given, without any password.
    pub found: String,
    /// What is wrong with it.
    pub problem: String,
    /// What would be right.
    pub expected: &'static str,
}
