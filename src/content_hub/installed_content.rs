//! What a workspace holds of a solution beside its registration: content templates, connector pages, and metadata that
//! links items to where they came from.

use serde_json::Value;

use super::package::text;
use crate::azure::resource_id::ResourceId;
use crate::data_connector::{Document, Role};

/// A content template that a package has brought: what active items are made from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContentTemplate {
    /// Name of the ARM resource.
    pub name: String,
    /// Content id of the package.
    pub package: String,
    /// Version of the package that brought it; Azure may leave it out.
    pub package_version: Option<String>,
}

impl ContentTemplate {
    /// Reads a document of `contentTemplates`; none where it belongs to no package.
    #[must_use]
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        Some(Self {
            name: text(&document["name"])?,
            package: text(&properties["packageId"])?,
            package_version: text(&properties["packageVersion"]),
        })
    }

    /// Whether the package with this content id has brought it.
    #[must_use]
    pub fn is_of(&self, content_id: &str) -> bool {
        self.package.eq_ignore_ascii_case(content_id)
    }
}

/// A metadata document: which item came from which source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Metadata {
    /// Name of the ARM resource.
    pub name: String,
    /// ARM id of the item that it is about.
    pub parent: String,
    /// Content id of the solution that the item came from.
    pub source: String,
}

impl Metadata {
    /// Reads a document of `metadata`; none where it names no item or no source.
    #[must_use]
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        Some(Self {
            name: text(&document["name"])?,
            parent: text(&properties["parentId"])?,
            source: text(&properties["source"]["sourceId"])?,
        })
    }

    /// Whether the item came from the solution with this content id.
    #[must_use]
    pub fn is_of(&self, content_id: &str) -> bool {
        self.source.eq_ignore_ascii_case(content_id)
    }

    /// The item, for people: type and name.
    #[must_use]
    pub fn item(&self) -> &str {
        self.parent.rsplit_once("/providers/").map_or(self.parent.as_str(), |(_, item)| item)
    }

    /// Whether it is about something that a user made from a template, and not about what the solution brought itself:
    /// its registration, its templates, its connector pages.
    #[must_use]
    pub fn is_about_active_item(&self, connectors: &[Document]) -> bool {
        let Ok(parent) = ResourceId::parse(&self.parent) else { return false };
        let own = ["contentPackages", "contentTemplates", "contentProductPackages"];
        if own.iter().any(|own| parent.is_type(&format!("Microsoft.SecurityInsights/{own}"))) {
            return false;
        }
        if !parent.is_type("Microsoft.SecurityInsights/dataConnectors") {
            return true;
        }
        let named = |document: &&Document| document.name().eq_ignore_ascii_case(parent.name());
        connectors.iter().find(named).is_some_and(|document| document.role() == Role::Connection)
    }
}

/// The connector pages among a workspace's data connectors that have one of these names. A connection of that name is
/// somebody else's.
#[must_use]
pub fn pages_named(connectors: &[Document], names: &[String]) -> Vec<Document> {
    let is_named = |document: &&Document| names.iter().any(|name| name.eq_ignore_ascii_case(document.name()));
    let mut pages: Vec<Document> =
        connectors.iter().filter(|document| document.role() == Role::Card).filter(is_named).cloned().collect();
    pages.sort_by_key(|page| page.name().to_ascii_lowercase());
    pages
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENTINEL: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/\
                            providers/Microsoft.SecurityInsights";

    fn metadata(parent: &str) -> Metadata {
        Metadata { name: "m".to_owned(), parent: format!("{SENTINEL}/{parent}"), source: "solution".to_owned() }
    }

    #[test]
    fn what_users_made_is_told_from_what_the_solution_brought() {
        let connectors =
            [Document::new("Card", "GenericUI", json!({})), Document::new("Live", "AzureSecurityCenter", json!({}))];
        let is_active = |parent| metadata(parent).is_about_active_item(&connectors);

        assert!(is_active("alertRules/1"));
        assert!(is_active("dataConnectors/live"));
        assert!(!is_active("dataConnectors/card"));
        assert!(!is_active("dataConnectors/gone"));
        assert!(!is_active("contentpackages/solution"));
        assert!(!is_active("contentTemplates/t"));
        assert_eq!(metadata("alertRules/1").item(), "Microsoft.SecurityInsights/alertRules/1");
    }

    #[test]
    fn a_connection_with_the_name_of_a_page_is_no_page() {
        let connectors = [
            Document::new("B", "StaticUI", json!({})),
            Document::new("a", "GenericUI", json!({})),
            Document::new("C", "AzureSecurityCenter", json!({})),
        ];

        let pages = pages_named(&connectors, &["A".to_owned(), "b".to_owned(), "c".to_owned()]);

        assert_eq!(pages.iter().map(Document::name).collect::<Vec<_>>(), ["a", "B"]);
    }
}
