//! The result of reading an object.

use super::state::State;

/// The result of reading an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// The current state of the object.
    Found(State),
    /// The object no longer exists. The next plan creates it again.
    Gone,
}
