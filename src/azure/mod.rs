//! Azure without Terraform: resource ids, clouds, credentials and the Resource Manager client.
//!
//! Nothing here knows of plans, states or attributes. An operation brings a [`Deadline`] (how long it may take, and
//! what cancels it) and gets documents as `serde_json::Value` back, or an [`Error`] that names what failed.
//! JSON stays JSON: unknown fields and the text of numbers survive a read, a merge and a write.

pub mod arm;
mod backoff;
pub mod cloud;
pub mod credential;
mod deadline;
mod error;
pub mod http;
pub mod resource_id;
pub mod retry;
#[cfg(test)]
pub(crate) mod testing;
mod text;
pub mod user_agent;

pub use backoff::Backoff;
pub use deadline::{Deadline, Interrupted};
pub use error::{Error, TransportKind, human};
