//! The errors of look-ups.

use super::selector::{Ambiguous, Candidate, Selector};
use crate::azure::Error;

/// The error of a look-up.
#[derive(Clone, Debug)]
pub enum LookupError {
    /// The catalog does not contain the solution.
    NotFound {
        /// The content ID or display name.
        selector: Selector,
        /// Packages with a similar content ID or display name.
        suggestions: Vec<Candidate>,
        /// The number of packages in the catalog.
        catalog_size: usize,
        /// Whether the solution is in the list of installed solutions. The catalog contained it in the past.
        is_installed: bool,
    },
    /// Several packages have the display name.
    Ambiguous(Ambiguous),
    /// A request failed.
    Azure {
        /// The activity that failed, as a phrase that follows "while".
        activity: &'static str,
        /// The error.
        error: Box<Error>,
    },
}

impl LookupError {
    /// Wraps an error of Azure with the activity, for `map_err`.
    pub(super) fn during(activity: &'static str) -> impl FnOnce(Error) -> Self {
        move |error| Self::Azure { activity, error: Box::new(error) }
    }
}

impl From<Ambiguous> for LookupError {
    fn from(ambiguous: Ambiguous) -> Self {
        Self::Ambiguous(ambiguous)
    }
}
