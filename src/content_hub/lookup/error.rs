//! Why a look-up found no solution.

use super::selector::{Ambiguous, Candidate, Selector};
use crate::azure::Error;

/// The error of a look-up.
#[derive(Clone, Debug)]
pub enum LookupError {
    /// The catalog does not contain the solution.
    NotFound {
        /// What was looked up.
        selector: Selector,
        /// Packages with a similar name.
        suggestions: Vec<Candidate>,
        /// The number of packages in the catalog.
        catalog_size: usize,
        /// The solution is in the list of installed solutions, so the catalog contained it in the past.
        is_installed: bool,
    },
    /// Several packages have the name.
    Ambiguous(Ambiguous),
    /// A request failed.
    Azure {
        /// The activity that failed, in words that follow "while".
        activity: &'static str,
        /// The error.
        error: Box<Error>,
    },
}

impl LookupError {
    /// For `map_err`: the error of `activity`.
    pub(super) fn during(activity: &'static str) -> impl FnOnce(Error) -> Self {
        move |error| Self::Azure { activity, error: Box::new(error) }
    }
}

impl From<Ambiguous> for LookupError {
    fn from(ambiguous: Ambiguous) -> Self {
        Self::Ambiguous(ambiguous)
    }
}
