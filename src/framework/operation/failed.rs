//! The error of a create, update or delete, which says what exists.

use super::state::State;
use crate::framework::diagnostics::Diagnostics;

/// A create, update or delete that failed, with what exists now.
///
/// It cannot be made from diagnostics alone, so `?` compiles only after the author has said what exists.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Failed {
    state: Option<Box<State>>,
    diagnostics: Diagnostics,
}

impl Failed {
    /// Nothing was changed: after a create no object exists, after an update or delete the prior state is still true.
    pub fn nothing_changed(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { state: None, diagnostics: diagnostics.into() }
    }

    /// It failed half-way, and this exists now. After a create, it is saved as tainted, and the next plan replaces it.
    pub fn partial(state: State, diagnostics: impl Into<Diagnostics>) -> Self {
        Self { state: Some(Box::new(state)), diagnostics: diagnostics.into() }
    }

    /// What exists now, if that is not what existed before.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.state.as_deref()
    }

    /// Why it failed.
    #[must_use]
    pub const fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    pub(in crate::framework) fn into_parts(self) -> (Option<State>, Diagnostics) {
        (self.state.map(|state| *state), self.diagnostics)
    }
}
