//! Unique objects, which only one resource can manage.

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
    /// The object in a summary: `solution X in Y`. The CLIs group warnings by their summaries, so it names the
    /// workspace.
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
}
