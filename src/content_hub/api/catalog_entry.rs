//! A complete catalog entry, as `GET …/contentProductPackages/{name}` returns it.

use serde_json::Value;

use super::dependency::Dependency;
use super::package::Package;
use super::packaged_content::PackagedContent;
use crate::azure::resource_id::ResourceId;

/// An entry of the catalog, read by its name.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    /// The description of the solution, with the installed version.
    pub package: Package,
    /// The template that installs the solution; `None` if Azure sends none.
    pub content: Option<PackagedContent>,
    /// The name of the installed solution's registration; `None` if Azure sends none.
    pub registration_name: Option<String>,
}

impl CatalogEntry {
    /// Reads a document; `None` if it is not a package.
    #[must_use]
    pub fn from_document(mut document: Value) -> Option<Self> {
        let content = document.get_mut("properties").and_then(PackagedContent::from_properties);
        let registration_name = document["properties"]["metadataResourceId"].as_str().and_then(registration_name);
        Some(Self { package: Package::from_document(&document)?, content, registration_name })
    }

    /// The other solutions that this solution requires.
    pub fn required_solutions(&self) -> impl Iterator<Item = &Dependency> {
        self.package.dependencies.iter().filter(|dependency| {
            dependency.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("Solution"))
                && !self.package.has_content_id(&dependency.content_id)
        })
    }
}

fn registration_name(id: &str) -> Option<String> {
    let id = ResourceId::parse(id).ok()?;
    id.is_type("Microsoft.SecurityInsights/contentPackages").then(|| id.name().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accepts_only_content_package_ids_as_registrations() {
        let base = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/providers/\
                    Microsoft.SecurityInsights";

        assert_eq!(registration_name(&format!("{base}/contentpackages/a.b")), Some("a.b".to_owned()));
        assert_eq!(registration_name(&format!("{base}/metadata/a.b")), None);
        assert_eq!(registration_name("a.b"), None);
    }

    #[test]
    fn ignores_dependencies_that_are_not_solutions() {
        let entry =
            CatalogEntry::from_document(json!({"name": "me", "properties": {"contentId": "me", "dependencies": {
                "criteria": [
                    {"kind": "DataConnector", "contentId": "page"},
                    {"kind": "Solution", "contentId": "other", "version": "1.0.0"},
                    {"kind": "Solution", "contentId": "ME"},
                ]
            }}}))
            .expect("an entry");

        assert_eq!(
            entry.required_solutions().map(|required| required.content_id.as_str()).collect::<Vec<_>>(),
            ["other"]
        );
    }
}
