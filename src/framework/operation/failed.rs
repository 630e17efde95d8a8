//! The error of a create, update or delete, with the state of what exists.

use super::state::State;
use crate::framework::diagnostics::Diagnostics;

/// The error of a create, update or delete, with the state of what exists now.
///
/// It cannot be created from diagnostics alone, so `?` compiles only if the code states what exists.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Failed {
    state: Option<Box<State>>,
    diagnostics: Diagnostics,
}

impl Failed {
    /// The operation changed nothing: a create created no object, and after an update or delete the prior state still
    /// holds.
    pub fn nothing_changed(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { state: None, diagnostics: diagnostics.into() }
    }

    /// The operation failed after some changes, and an object with this state exists now. After a create, Terraform
    /// marks the object as tainted, and the next plan replaces it.
    pub fn partial(state: State, diagnostics: impl Into<Diagnostics>) -> Self {
        Self { state: Some(Box::new(state)), diagnostics: diagnostics.into() }
    }

    /// The state of what exists now, if the operation changed anything.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.state.as_deref()
    }

    /// The errors and warnings.
    #[must_use]
    pub const fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    pub(in crate::framework) fn into_parts(self) -> (Option<State>, Diagnostics) {
        (self.state.map(|state| *state), self.diagnostics)
    }
}
