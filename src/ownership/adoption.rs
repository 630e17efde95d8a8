//! Decides whether a create adopts an existing object.

use crate::framework::{Diagnostic, Knowable};

use super::diagnostics;
use super::facts::Owner;
use super::object::UniqueObject;

/// What the plan of a creation reports about an existing object.
#[derive(Clone, Debug, PartialEq)]
pub enum Adoption {
    /// Nothing: the object does not exist, a resource in the state manages it, or the decision is not known yet.
    None,
    /// The warning that the create adopts the object.
    Adopts(Diagnostic),
    /// The warning that the apply will reject the create.
    Rejected(Diagnostic),
}

impl UniqueObject {
    /// Decides whether the plan of a creation adopts an existing object that no resource in the state manages. `found`
    /// is a sentence about the existing object, and `change` a sentence about the changes of the adoption.
    #[must_use]
    pub fn adoption(
        &self,
        owner: Owner,
        adopt: Knowable<bool>,
        found: &str,
        change: impl FnOnce() -> String,
    ) -> Adoption {
        match (owner, adopt) {
            (Owner::None, Knowable::Known(false)) => Adoption::Rejected(diagnostics::will_be_rejected(self, found)),
            (Owner::None, Knowable::Known(true)) => Adoption::Adopts(self.adopted(found, &change())),
            (Owner::None, Knowable::Unknown) | (Owner::ThisResource | Owner::InState | Owner::AnotherResource, _) => {
                Adoption::None
            }
        }
    }

    /// The error for an existing object that must not be adopted.
    #[must_use]
    pub fn exists(&self, found: &str) -> Diagnostic {
        diagnostics::exists(self, found)
    }

    /// The warning that a create adopts the existing object. `change` is a sentence about the changes.
    #[must_use]
    pub fn adopted(&self, found: &str, change: &str) -> Diagnostic {
        diagnostics::adopted(self, found, change)
    }
}
