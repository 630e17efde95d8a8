//! What reading an object found.

use super::state::State;

/// What reading an object found.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// It exists, and this is how it is now.
    Found(State),
    /// It does not exist any more. The next plan creates it again.
    Gone,
}
