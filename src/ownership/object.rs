//! Unique objects, which only one resource can manage, as their resource types describe them.

use crate::framework::{Diagnostic, Knowable};

use super::diagnostics;
use super::facts::Standing;

/// What all unique objects of a resource type have in common.
#[derive(Debug)]
pub struct ObjectKind {
    /// Type name of the resource: `sentinel_dfc_tenant_connector`.
    pub type_name: &'static str,
    /// The word for such an object in messages: `connection`.
    pub noun: &'static str,
    /// The attribute that conflicts are reported on.
    pub attribute: &'static str,
    /// The attribute that allows a resource to take over what exists.
    pub adopt_attribute: &'static str,
    /// What destroying the object does, as a predicate: `stops the alerts`.
    pub destroy_effect: &'static str,
}

/// What the plan of a creation says about an object that exists in Azure.
#[derive(Clone, Debug, PartialEq)]
pub enum Takeover {
    /// Nothing: it is not there, it belongs to a resource of this state, or the decision is not known yet.
    None,
    /// The warning that the create takes it over.
    Adopts(Diagnostic),
    /// The warning that the create will be refused.
    Refused(Diagnostic),
}

/// One such object.
#[derive(Clone, Debug)]
pub struct UniqueObject {
    /// Its kind.
    pub kind: &'static ObjectKind,
    /// Identifies the object among all of its kind.
    pub key: String,
    /// The object in a sentence, without a full stop: `the solution X in the workspace Y`.
    pub title: String,
    /// The object in a summary: `solution X in Y`. The CLIs group warnings by their summaries, so it names the workspace.
    pub label: String,
    /// The id that imports it, if it can be imported.
    pub import_id: Option<String>,
}

impl UniqueObject {
    /// The same object, with an import ID only if it can be imported.
    #[must_use]
    pub fn importable_if(self, is_importable: bool) -> Self {
        Self { import_id: self.import_id.filter(|_| is_importable), ..self }
    }

    /// Decides whether the plan of a creation takes over an object that exists in Azure and that no resource of this
    /// state manages. `found` is a sentence that says what Azure has, and `change` one that says what the takeover changes.
    #[must_use]
    pub fn takeover(
        &self,
        standing: Standing,
        adopt: Knowable<bool>,
        found: &str,
        change: impl FnOnce() -> String,
    ) -> Takeover {
        match (standing, adopt) {
            (Standing::Stranger, Knowable::Known(false)) => {
                Takeover::Refused(diagnostics::will_be_refused(self, found))
            }
            (Standing::Stranger, Knowable::Known(true)) => Takeover::Adopts(self.adopted(found, &change())),
            (Standing::Stranger, Knowable::Unknown) | (Standing::Own | Standing::InState | Standing::Other, _) => {
                Takeover::None
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
