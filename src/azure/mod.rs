//! Azure without Terraform: resource ids, clouds, credentials and the Resource Manager client.
//!
//! Nothing here knows of plans, states or attributes. An operation brings a [`Budget`] (how long it may take, and
//! what cancels it) and gets documents as `serde_json::Value` back, or an [`Error`] that names what failed.
//! JSON stays JSON: unknown fields and the text of numbers survive a read, a merge and a write.

pub mod arm;
mod budget;
pub mod cloud;
pub mod credential;
mod error;
pub mod http;
mod pauses;
mod plain;
pub mod resource_id;
#[cfg(test)]
pub(crate) mod testing;
pub mod user_agent;

pub use budget::{Budget, Interrupted};
pub use error::{Error, TransportKind, human};
pub use pauses::Pauses;
