//! Azure: clouds, logins, resource IDs, and the client of its services. Knows nothing of Terraform.
//!
//! Nothing here knows plans, states or attributes. An operation brings a [`Deadline`] (how long it may take and what
//! cancels it) and gets a JSON document, or an [`Error`] that says what failed. Documents stay JSON: unknown fields and
//! the text of numbers survive reading, merging and writing.
//!
//! From the bottom up: `error` is all that can go wrong; `retry` decides whether to try again; `http` sends and retries
//! one call; `cloud` knows the services of each cloud; `credential` gets access tokens; `client` sends requests to a
//! service, reads lists and follows long-running operations.

pub mod api_version;
mod backoff;
mod client;
pub mod cloud;
pub mod credential;
mod deadline;
mod error;
pub mod http;
pub mod resource_id;
mod retry;
mod service;
#[cfg(test)]
pub(crate) mod testing;
mod text;
pub mod user_agent;

pub use backoff::Backoff;
pub use client::{Client, Correlation, LongRunningOperation, OperationError, PollResult, Request, Response, Started};
#[cfg(test)]
pub use deadline::TimeLimit;
pub use deadline::{Deadline, Interrupted};
#[cfg(test)]
pub use error::{AssertionClaims, Challenge, ClockError};
pub use error::{
    AuthenticationError, AuthenticationProblem, CertificateFacts, Error, ErrorDetail, IdentityDetails, NoCredential,
    SecretFlaw, ServiceError, TextPosition, TransportKind, Unused, UnusedMethod, innermost,
};
pub use service::without_user;
pub use text::{capitalized, human, is_guid};
