//! The Azure client: clouds, authentication, resource IDs, and requests to Azure services.
//!
//! This module does not know Terraform: no plans, states or attributes. A caller passes a [`Deadline`] (the time limit
//! and the cancellation) and gets a JSON document or an [`Error`]. Documents stay JSON, so unknown fields and the exact
//! digits of numbers survive reading, merging and writing.
//!
//! From the bottom up: `error` defines the errors; `retry` decides whether to send a request again; `http` sends and
//! retries one call; `cloud` lists the services of each cloud; `credential` gets access tokens; `client` sends requests
//! to a service, reads lists and polls long-running operations.

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
    SecretFlaw, ServiceError, TextPosition, TransportKind, Unused, UnusedMethod, innermost, with_article,
};
pub use service::{EndpointKind, without_user};
pub use text::{capitalized, human, is_guid};
