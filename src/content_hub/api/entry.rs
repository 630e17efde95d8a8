//! A catalogue entry, complete: what `GET …/contentProductPackages/{name}` answers.

use serde_json::Value;

use super::package::Package;
use super::packaged_content::PackagedContent;
use crate::azure::resource_id::ResourceId;

/// An entry of the catalogue, read by its name.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it says of itself, and which version is installed.
    pub package: Package,
    /// The template that installs it; none where Azure sends none.
    pub content: Option<PackagedContent>,
    /// Name of the registration of what is installed, where Azure says so.
    pub registration: Option<String>,
}

impl Entry {
    /// Reads a document; none where it is no package.
    #[must_use]
    pub fn from_document(mut document: Value) -> Option<Self> {
        let content = document.get_mut("properties").and_then(PackagedContent::from_properties);
        let registration = document["properties"]["metadataResourceId"].as_str().and_then(registration);
        Some(Self { package: Package::from_document(&document)?, content, registration })
    }

    /// Content ids of other solutions that this one needs.
    pub fn needed_solutions(&self) -> impl Iterator<Item = &crate::content_hub::Dependency> {
        self.package.dependencies.iter().filter(|dependency| {
            dependency.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("Solution"))
                && !self.package.has_content_id(&dependency.content_id)
        })
    }
}

fn registration(id: &str) -> Option<String> {
    let id = ResourceId::parse(id).ok()?;
    id.is_type("Microsoft.SecurityInsights/contentPackages").then(|| id.name().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_registration_is_told_by_an_id_of_one_and_of_nothing_else() {
        let base = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/providers/\
                    Microsoft.SecurityInsights";

        assert_eq!(registration(&format!("{base}/contentpackages/a.b")), Some("a.b".to_owned()));
        assert_eq!(registration(&format!("{base}/metadata/a.b")), None);
        assert_eq!(registration("a.b"), None);
    }

    #[test]
    fn only_other_solutions_are_needed() {
        let entry = Entry::from_document(json!({"name": "me", "properties": {"contentId": "me", "dependencies": {
            "criteria": [
                {"kind": "DataConnector", "contentId": "card"},
                {"kind": "Solution", "contentId": "other", "version": "1.0.0"},
                {"kind": "Solution", "contentId": "ME"},
            ]
        }}}))
        .expect("an entry");

        assert_eq!(entry.needed_solutions().map(|needed| needed.content_id.as_str()).collect::<Vec<_>>(), ["other"]);
    }
}
