//! The metadata of a workspace, which links each item to the solution that it came from.

use serde_json::Value;

use super::field::string;
use crate::azure::resource_id::ResourceId;
use crate::sentinel::data_connector::Document;

const CONNECTORS: &str = "Microsoft.SecurityInsights/dataConnectors";
const DEFINITIONS: &str = "Microsoft.SecurityInsights/dataConnectorDefinitions";

/// A metadata document, which links an item to its source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Metadata {
    /// The name of the ARM resource.
    pub name: String,
    /// The ID of the item.
    pub parent_id: String,
    /// The content ID of the solution that the item came from.
    pub source_id: String,
}

impl Metadata {
    /// Reads a document of `metadata`; `None` if its name, item or source is missing.
    #[must_use]
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        Some(Self {
            name: string(&document["name"])?,
            parent_id: string(&properties["parentId"])?,
            source_id: string(&properties["source"]["sourceId"])?,
        })
    }

    /// Whether the item came from the solution with this content ID.
    #[must_use]
    pub fn has_source(&self, content_id: &str) -> bool {
        self.source_id.eq_ignore_ascii_case(content_id)
    }

    /// The type and name of the item, for messages.
    #[must_use]
    pub fn item(&self) -> &str {
        self.parent_id.rsplit_once("/providers/").map_or(self.parent_id.as_str(), |(_, item)| item)
    }

    /// Whether the item is active: a user created it from a template. The solution's own registration, templates and
    /// connector pages are not active items.
    #[must_use]
    pub fn is_about_active_item(&self, connectors: &[Document]) -> bool {
        // An item with an unreadable ID is treated as active, so that its metadata is not deleted.
        let Ok(parent) = ResourceId::parse(&self.parent_id) else { return true };
        let own = ["contentPackages", "contentTemplates", "contentProductPackages", "dataConnectorDefinitions"];
        if own.iter().any(|own| parent.is_type(&format!("Microsoft.SecurityInsights/{own}"))) {
            return false;
        }
        if !parent.is_type(CONNECTORS) {
            return true;
        }
        let named = |document: &&Document| document.name().eq_ignore_ascii_case(parent.name());
        connectors.iter().find(named).is_some_and(|document| !document.is_connector_page())
    }

    /// The name of the connector page or connection, if the item is one.
    #[must_use]
    pub fn connector_name(&self) -> Option<String> {
        self.parent_name(CONNECTORS)
    }

    /// The name of the data connector definition, if the item is one.
    #[must_use]
    pub fn definition_name(&self) -> Option<String> {
        self.parent_name(DEFINITIONS)
    }

    fn parent_name(&self, resource_type: &str) -> Option<String> {
        let parent = ResourceId::parse(&self.parent_id).ok()?;
        parent.is_type(resource_type).then(|| parent.name().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENTINEL: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/\
                            providers/Microsoft.SecurityInsights";

    fn metadata(parent: &str) -> Metadata {
        Metadata { name: "m".to_owned(), parent_id: format!("{SENTINEL}/{parent}"), source_id: "solution".to_owned() }
    }

    #[test]
    fn distinguishes_active_items_from_solution_content() {
        let connectors =
            [Document::new("Page", "GenericUI", json!({})), Document::new("Live", "AzureSecurityCenter", json!({}))];
        let is_active = |parent| metadata(parent).is_about_active_item(&connectors);

        assert!(is_active("alertRules/1"));
        assert!(is_active("dataConnectors/live"));
        assert!(!is_active("dataConnectors/page"));
        assert!(!is_active("dataConnectors/gone"));
        assert!(!is_active("contentpackages/solution"));
        assert!(!is_active("contentTemplates/t"));
        assert_eq!(metadata("alertRules/1").item(), "Microsoft.SecurityInsights/alertRules/1");
    }
}
