//! The result of reading an object.

use super::state::State;

/// The result of reading an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// It exists, and this is how it is now.
    Found(State),
    /// It does not exist any more. The next plan creates it again.
    Gone,
}
