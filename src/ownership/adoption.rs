//! Whether a creation takes over an object that exists in Azure, and the diagnostics about it.

use crate::framework::{Diagnostic, Knowable};

use super::diagnostics;
use super::facts::Owner;
use super::object::UniqueObject;

/// What the plan of a creation says about an object that exists in Azure.
#[derive(Clone, Debug, PartialEq)]
pub enum Adoption {
    /// Nothing: it is not there, it belongs to a resource of this state, or the decision is not known yet.
    None,
    /// The warning that the create takes it over.
    Adopts(Diagnostic),
    /// The warning that the create will be refused.
    Refused(Diagnostic),
}

impl UniqueObject {
    /// Decides whether the plan of a creation takes over an object that exists in Azure and that no resource of this
    /// state manages. `found` is a sentence that says what Azure has, and `change` one that says what the takeover changes.
    #[must_use]
    pub fn adoption(
        &self,
        owner: Owner,
        adopt: Knowable<bool>,
        found: &str,
        change: impl FnOnce() -> String,
    ) -> Adoption {
        match (owner, adopt) {
            (Owner::None, Knowable::Known(false)) => Adoption::Refused(diagnostics::will_be_refused(self, found)),
            (Owner::None, Knowable::Known(true)) => Adoption::Adopts(self.adopted(found, &change())),
            (Owner::None, Knowable::Unknown) | (Owner::ThisResource | Owner::InState | Owner::AnotherResource, _) => {
                Adoption::None
            }
        }
    }

    /// The error about an object that exists and must not be taken over.
    #[must_use]
    pub fn exists(&self, found: &str) -> Diagnostic {
        diagnostics::exists(self, found)
    }

    /// The warning that a creation takes over what exists. `change` is a sentence that says what changes.
    #[must_use]
    pub fn adopted(&self, found: &str, change: &str) -> Diagnostic {
        diagnostics::adopted(self, found, change)
    }
}
