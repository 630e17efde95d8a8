//! What a workspace holds of a solution beside its registration: content templates, connector pages, and metadata that
//! links items to where they came from.

use std::sync::Arc;

use serde_json::Value;

use super::package::text;
use super::template_names::TemplateNames;
use crate::azure::resource_id::ResourceId;
use crate::sentinel::data_connector::{Document, Role};

const DATA_CONNECTORS: &str = "Microsoft.SecurityInsights/dataConnectors";

/// The content templates of a workspace, as one solution sees them.
///
/// Two solutions may bring a template of the same name: Azure has it once, and its package is the one that was
/// installed last. So what a solution has brought is there even where it is another's by now.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Templates {
    /// Those that belong to the solution.
    pub own: Vec<ContentTemplate>,
    /// Names of all others.
    pub others: TemplateNames,
}

impl Templates {
    /// Sorts the documents of `contentTemplates` by whether they belong to the package with this content id.
    #[must_use]
    pub fn of(content_id: &str, documents: &[Value]) -> Self {
        let is_own = |document: &&Value| {
            document["properties"]["packageId"].as_str().is_some_and(|package| package.eq_ignore_ascii_case(content_id))
        };
        let (own, others): (Vec<&Value>, Vec<&Value>) = documents.iter().partition(is_own);
        Self {
            own: own.into_iter().filter_map(ContentTemplate::from_document).collect(),
            others: others.into_iter().filter_map(|document| document["name"].as_str()).collect(),
        }
    }

    /// Names of those that belong to the solution.
    #[must_use]
    pub fn own_names(&self) -> TemplateNames {
        self.own.iter().map(|template| template.name.as_str()).collect()
    }

    /// How many of these are there, whosever they are.
    #[must_use]
    pub fn found(&self, names: &TemplateNames) -> usize {
        names.found_in(&[&self.own_names(), &self.others])
    }
}

/// A content template that a package has brought: what active items are made from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContentTemplate {
    /// Name of the ARM resource.
    pub name: String,
    /// Version of the package that brought it; Azure may leave it out.
    pub package_version: Option<String>,
}

impl ContentTemplate {
    /// Reads a document of `contentTemplates`; none where it has no name.
    #[must_use]
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        Some(Self { name: text(&document["name"])?, package_version: text(&properties["packageVersion"]) })
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
        // what cannot be told is left alone
        let Ok(parent) = ResourceId::parse(&self.parent) else { return true };
        let own = ["contentPackages", "contentTemplates", "contentProductPackages", "dataConnectorDefinitions"];
        if own.iter().any(|own| parent.is_type(&format!("Microsoft.SecurityInsights/{own}"))) {
            return false;
        }
        if !parent.is_type(DATA_CONNECTORS) {
            return true;
        }
        let named = |document: &&Document| document.name().eq_ignore_ascii_case(parent.name());
        connectors.iter().find(named).is_some_and(|document| document.role() == Role::Connection)
    }

    /// Name of the data connector, page or connection, that it is about.
    #[must_use]
    pub fn connector(&self) -> Option<String> {
        self.parent_of(DATA_CONNECTORS)
    }

    /// Name of the page of a codeless connector that it is about.
    #[must_use]
    pub fn definition(&self) -> Option<String> {
        self.parent_of("Microsoft.SecurityInsights/dataConnectorDefinitions")
    }

    fn parent_of(&self, resource_type: &str) -> Option<String> {
        let parent = ResourceId::parse(&self.parent).ok()?;
        parent.is_type(resource_type).then(|| parent.name().to_owned())
    }
}

/// The data connectors of a workspace, pages and connections, as Azure lists them. A page is a large document, and all
/// solutions of a workspace look at the same list: only what is asked for is taken out of it.
#[derive(Clone, Debug, Default)]
pub struct Connectors(Arc<Vec<Value>>);

impl Connectors {
    /// The documents of `dataConnectors`.
    #[must_use]
    pub fn of(documents: Arc<Vec<Value>>) -> Self {
        Self(documents)
    }

    /// All of them.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        self.0.iter().filter_map(|document| Document::parse(document.clone()).ok()).collect()
    }

    /// The connector pages that have one of these names. A connection of that name is somebody else's.
    #[must_use]
    pub fn pages_named(&self, names: &[String]) -> Vec<Document> {
        let is_named = |document: &&Value| {
            document["name"].as_str().is_some_and(|own| names.iter().any(|name| name.eq_ignore_ascii_case(own)))
        };
        let named = self.0.iter().filter(is_named).filter_map(|document| Document::parse(document.clone()).ok());
        let mut pages: Vec<Document> = named.filter(|document| document.role() == Role::ConnectorPage).collect();
        pages.sort_by_key(|page| page.name().to_ascii_lowercase());
        pages
    }
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
    fn a_template_is_there_whosever_it_is() {
        let document = |name: &str, package: &str| json!({"name": name, "properties": {"packageId": package}});
        let documents = [document("a", "Solution"), document("b", "other"), json!({"name": "c"}), json!({})];

        let templates = Templates::of("solution", &documents);

        assert_eq!(templates.own.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(templates.found(&["A", "b", "c", "d"].into_iter().collect()), 3);
    }

    #[test]
    fn a_connection_with_the_name_of_a_page_is_no_page() {
        let connectors = Connectors::of(Arc::new(vec![
            json!({"name": "B", "kind": "StaticUI"}),
            json!({"name": "a", "kind": "GenericUI"}),
            json!({"name": "C", "kind": "AzureSecurityCenter"}),
            json!({"name": "D", "kind": "GenericUI"}),
        ]));

        let pages = connectors.pages_named(&["A".to_owned(), "b".to_owned(), "c".to_owned()]);

        assert_eq!(pages.iter().map(Document::name).collect::<Vec<_>>(), ["a", "B"]);
    }
}
