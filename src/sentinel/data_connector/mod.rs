//! The data connectors of Microsoft Sentinel: their documents and kinds, reading them, and writing them.

mod document;
pub mod kind;
mod list;
mod naming;
mod subscriptions;
mod write;

pub use document::{ALERTS, Document};
pub use kind::{Category, category};
pub use list::{get, list, list_recent, read_again};
pub use naming::name_for;
pub use subscriptions::{
    SUBSCRIPTION_CONNECTOR, connected_subscriptions, subscription_in, subscription_key_prefix, subscriptions_that_stay,
};
pub use write::{Observation, Purpose, WriteError, WriteErrorKind, WriteStatus, Writer};

/// A change of a data connector. A pure function decides it from the current connectors.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Send nothing.
    Nothing,
    /// Write this complete document.
    Put(Document),
    /// Delete this document.
    Delete(Document),
}
