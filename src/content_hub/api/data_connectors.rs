//! The data connectors of a workspace: connector pages and connections.

use std::sync::Arc;

use serde_json::Value;

use crate::sentinel::data_connector::Document;

/// The data connectors of a workspace, as Azure lists them.
///
/// A connector page is a large document, and all solutions of a workspace share one list. Therefore, documents are
/// parsed on demand.
#[derive(Clone, Debug, Default)]
pub struct DataConnectors(Arc<Vec<Value>>);

impl DataConnectors {
    /// Wraps the documents of `dataConnectors`.
    #[must_use]
    pub fn new(documents: Arc<Vec<Value>>) -> Self {
        Self(documents)
    }

    /// All documents.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        self.0.iter().filter_map(|document| Document::parse(document.clone()).ok()).collect()
    }

    /// The connector pages with one of these names, sorted by name. Connections with these names are not included.
    #[must_use]
    pub fn pages_named(&self, names: &[String]) -> Vec<Document> {
        let is_named = |document: &&Value| {
            document["name"].as_str().is_some_and(|own| names.iter().any(|name| name.eq_ignore_ascii_case(own)))
        };
        let named = self.0.iter().filter(is_named).filter_map(|document| Document::parse(document.clone()).ok());
        let mut pages: Vec<Document> = named.filter(Document::is_connector_page).collect();
        pages.sort_by_key(|page| page.name().to_ascii_lowercase());
        pages
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ignores_connections_with_the_name_of_a_page() {
        let connectors = DataConnectors::new(Arc::new(vec![
            json!({"name": "B", "kind": "StaticUI"}),
            json!({"name": "a", "kind": "GenericUI"}),
            json!({"name": "C", "kind": "AzureSecurityCenter"}),
            json!({"name": "D", "kind": "GenericUI"}),
        ]));

        let pages = connectors.pages_named(&["A".to_owned(), "b".to_owned(), "c".to_owned()]);

        assert_eq!(pages.iter().map(Document::name).collect::<Vec<_>>(), ["a", "B"]);
    }
}
