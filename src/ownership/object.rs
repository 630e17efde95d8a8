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

/// One such object.
#[derive(Clone, Debug)]
pub struct UniqueObject {
    /// Its kind.
    pub kind: &'static ObjectKind,
    /// Identifies the object among all of its kind.
    pub key: String,
    /// The object in a sentence, without a full stop: `the solution X in the workspace Y`.
    pub title: String,
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
    /// state manages. `found` is a sentence that says what Azure has.
    ///
    /// # Errors
    /// The object exists, and the configuration does not allow the takeover.
    pub fn check_adoption(&self, standing: Standing, adopt: Knowable<bool>, found: &str) -> Result<bool, Diagnostic> {
        match (standing, adopt) {
            (Standing::Stranger, Knowable::Known(false)) => Err(self.exists(found)),
            (Standing::Stranger, Knowable::Known(true)) => Ok(true),
            (Standing::Stranger, Knowable::Unknown) | (Standing::Own | Standing::InState, _) => Ok(false),
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
