//! Unique objects, which only one resource can manage.

/// The common properties of all unique objects of a resource type.
#[derive(Debug)]
pub struct ObjectKind {
    /// The resource type: `sentinel_dfc_tenant_connector`.
    pub type_name: &'static str,
    /// The noun for the object in messages: `connection`.
    pub noun: &'static str,
    /// The attribute on which conflicts are reported.
    pub attribute: &'static str,
    /// The attribute that allows a create to adopt an existing object.
    pub adopt_attribute: &'static str,
    /// The effect of destroying the object, as a predicate: `stops the alerts`.
    pub destroy_effect: &'static str,
}

/// An object that only one resource can manage.
#[derive(Clone, Debug)]
pub struct UniqueObject {
    /// The kind.
    pub kind: &'static ObjectKind,
    /// The key, which is unique among all objects of the kind.
    pub key: String,
    /// The object as part of a sentence: `the solution X in the workspace Y`.
    pub title: String,
    /// The object in a summary: `solution X in Y`. It names the workspace, because Terraform groups warnings by
    /// summary.
    pub label: String,
    /// The import ID, if the object can be imported.
    pub import_id: Option<String>,
}

impl UniqueObject {
    /// Removes the import ID if the object cannot be imported.
    #[must_use]
    pub fn importable_if(self, is_importable: bool) -> Self {
        Self { import_id: self.import_id.filter(|_| is_importable), ..self }
    }
}
