//! ARM documents by ID. IDs are case-insensitive.

use std::collections::BTreeMap;

use serde_json::Value;

/// All documents, in the order of their lower-case IDs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents(BTreeMap<String, Value>);

impl Documents {
    pub(crate) fn get(&self, id: &str) -> Option<&Value> {
        self.0.get(&id.to_lowercase())
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Stores a document and returns the one it replaces.
    pub(crate) fn put(&mut self, id: &str, document: Value) -> Option<Value> {
        self.0.insert(id.to_lowercase(), document)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Value> {
        self.0.remove(&id.to_lowercase())
    }

    /// Removes a document and everything below it.
    pub(crate) fn remove_tree(&mut self, id: &str) {
        let id = id.to_lowercase();
        let below = format!("{id}/");
        self.0.retain(|key, _| *key != id && !key.starts_with(&below));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(id, document)| (id.as_str(), document))
    }

    /// The documents of a collection: `{collection}/{name}`, but nothing below that.
    pub(crate) fn children(&self, collection: &str) -> impl Iterator<Item = &Value> {
        let prefix = format!("{}/", collection.to_lowercase());
        let start = prefix.clone();
        self.0
            .range(start..)
            .take_while({
                let prefix = prefix.clone();
                move |(id, _)| id.starts_with(&prefix)
            })
            .filter(move |(id, _)| !id[prefix.len()..].contains('/'))
            .map(|(_, document)| document)
    }

    /// The documents below an ID, at any depth.
    pub(crate) fn below(&self, id: &str) -> impl Iterator<Item = (&str, &Value)> {
        let prefix = format!("{}/", id.to_lowercase());
        let start = prefix.clone();
        self.0
            .range(start..)
            .take_while(move |(id, _)| id.starts_with(&prefix))
            .map(|(id, document)| (id.as_str(), document))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_direct_children_in_any_case() {
        let mut documents = Documents::default();
        for id in ["/A/b", "/a/b/c", "/a/bb", "/ab/c"] {
            documents.put(id, json!(id));
        }
        let children: Vec<_> = documents.children("/A").cloned().collect();
        assert_eq!(children, [json!("/A/b"), json!("/a/bb")]);
        assert!(documents.contains("/A/B/C"));
    }

    #[test]
    fn removing_a_tree_keeps_siblings_with_a_common_prefix() {
        let mut documents = Documents::default();
        for id in ["/a/b", "/a/b/c", "/a/bb"] {
            documents.put(id, json!({}));
        }
        documents.remove_tree("/A/b");
        assert_eq!(documents.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["/a/bb"]);
    }
}
