//! The Sentinel data connector document: kinds, connector pages and connections, lists, and the one way to write it.

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
pub use subscriptions::{connected_subscriptions, subscription_in};
pub use write::{Observation, Purpose, WriteError, WriteErrorKind, WriteStatus, Writer};

/// What to write: the outcome of a pure function of what Azure holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is already so: nothing is sent.
    Nothing,
    /// Send this document as a whole.
    Put(Document),
    /// Delete this one.
    Delete(Document),
}
