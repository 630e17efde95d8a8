//! The data connectors of a workspace, merged from the lists of several API versions.

use serde_json::{Map, Value};

use crate::sentinel::data_connector::Document;

/// Members that do not describe the connection: IDs, and values that Azure changes with each write.
const NOT_CONTENT: [&str; 5] = ["id", "name", "type", "etag", "systemData"];

/// The lists of a workspace at one time, in the order in which a contract prefers the API versions.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    pub(super) lists: Vec<List>,
}

/// The list of one API version.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) api_version: &'static str,
    pub(super) documents: Vec<Document>,
}

/// One connector, merged from all lists that contain it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Connector {
    pub(super) name: String,
    pub(super) kind: String,
    /// The members from all lists, without IDs and etags.
    pub(super) content: Map<String, Value>,
    /// The API version with the most members. If several have the same number, the first of them.
    pub(super) api_version: &'static str,
}

impl Connector {
    /// The `properties` in the content.
    pub(super) fn properties(&self) -> Map<String, Value> {
        self.content.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// The connector as a document.
    pub(super) fn document(&self) -> Document {
        Document::new(&self.name, &self.kind, Value::Object(self.properties()))
    }
}

impl Snapshot {
    /// The connectors in the order of the lists. A connector in several lists is returned once.
    pub(super) fn connectors(&self) -> Vec<Connector> {
        let mut names: Vec<&str> = Vec::new();
        for document in self.lists.iter().flat_map(|list| &list.documents) {
            if !names.iter().any(|name| document.is_named(name)) {
                names.push(document.name());
            }
        }
        names.into_iter().filter_map(|name| self.connector(name)).collect()
    }

    fn connector(&self, name: &str) -> Option<Connector> {
        let found: Vec<(&'static str, &Document)> = self
            .lists
            .iter()
            .filter_map(|list| {
                Some((list.api_version, list.documents.iter().find(|document| document.is_named(name))?))
            })
            .collect();
        let mut all = Value::Null;
        for (_, document) in &found {
            merge(&mut all, &content(document));
        }
        let (api_version, document) =
            found.iter().copied().min_by_key(|(_, document)| count_missing(&content(document), &all))?;
        let Value::Object(content) = all else { return None };
        Some(Connector { name: name.to_owned(), kind: document.kind().to_owned(), content, api_version })
    }
}

fn content(document: &Document) -> Value {
    let Value::Object(mut fields) = document.clone().into_body() else { return Value::Null };
    fields.retain(|name, _| !NOT_CONTENT.contains(&name.as_str()));
    Value::Object(fields)
}

/// Adds the members of `source` that `target` does not have.
fn merge(target: &mut Value, source: &Value) {
    match (target, source) {
        (Value::Object(target), Value::Object(source)) => {
            for (name, value) in source {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target @ Value::Null, source) => *target = source.clone(),
        _ => {}
    }
}

/// The number of values of `all` that `part` does not have.
fn count_missing(part: &Value, all: &Value) -> usize {
    match all {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().map(|(name, value)| count_missing(part.get(name).unwrap_or(&Value::Null), value)).sum()
        }
        Value::Null => 0,
        _ => usize::from(part.is_null()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(api_version: &'static str, documents: &[Value]) -> List {
        let documents = documents.iter().map(|document| Document::parse(document.clone()).expect("a document"));
        List { api_version, documents: documents.collect() }
    }

    #[test]
    fn merges_a_connector_from_all_lists() {
        let snapshot = Snapshot {
            lists: vec![
                list("old-preview", &[json!({"name": "A", "etag": "1", "kind": "K", "properties": {"a": 1}})]),
                list("new-preview", &[json!({"name": "a", "kind": "K", "properties": {"a": 1, "b": {"c": 2}}})]),
                list("stable", &[json!({"name": "s", "kind": "S", "properties": {}})]),
            ],
        };

        let connectors = snapshot.connectors();

        assert_eq!(connectors.len(), 2);
        assert_eq!(
            Value::Object(connectors[0].content.clone()),
            json!({"kind": "K", "properties": {"a": 1, "b": {"c": 2}}})
        );
        assert_eq!((connectors[0].name.as_str(), connectors[0].api_version), ("A", "new-preview"));
        assert_eq!(connectors[1].api_version, "stable");
    }

    #[test]
    fn prefers_the_first_version_with_the_most_members() {
        let document = json!({"name": "a", "kind": "K", "properties": {"a": 1}});
        let snapshot =
            Snapshot { lists: vec![list("preferred", std::slice::from_ref(&document)), list("newer", &[document])] };

        assert_eq!(snapshot.connectors()[0].api_version, "preferred");
    }
}
