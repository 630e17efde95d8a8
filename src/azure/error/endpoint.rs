//! An invalid endpoint.

/// An endpoint in the configuration or in the metadata of a cloud that is not a valid URL of a service.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} {found:?} cannot be used: {problem}; expected {expected}")]
pub struct InvalidEndpoint {
    /// The name of the endpoint.
    pub what: &'static str,
    /// The value, without any password.
    pub found: String,
    /// What is wrong with the value.
    pub problem: String,
    /// The expected value.
    pub expected: String,
}
