//! The complete JSON document of a data connector, so that a write preserves unknown fields.
//!
//! A document has the fields `id`, `name`, `type`, `etag`, `systemData`, `kind` and `properties`. The schema of
//! `properties` depends on `kind`.

use serde_json::{Map, Value};

use super::kind::is_connector_page;

/// The data type of alerts, in all kinds.
pub const ALERTS: &str = "alerts";

/// A document of `…/providers/Microsoft.SecurityInsights/dataConnectors`.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Creates a document for a new connector, without an ID and an etag.
    #[must_use]
    pub fn new(name: &str, kind: &str, properties: Value) -> Self {
        let fields = [("name", name.into()), ("kind", kind.into()), ("properties", properties)];
        Self(fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect())
    }

    /// Reads a document from Azure's response.
    ///
    /// # Errors
    /// The document is not an object with a `name`.
    pub fn parse(value: Value) -> Result<Self, MalformedDocument> {
        match value {
            Value::Object(fields) if fields.get("name").is_some_and(Value::is_string) => Ok(Self(fields)),
            Value::Object(_) => Err(MalformedDocument { problem: "it has no `name`" }),
            _ => Err(MalformedDocument { problem: "it is not an object" }),
        }
    }

    /// The resource ID; `None` before the first write.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.get("id").and_then(Value::as_str)
    }

    /// The name of the ARM resource, usually a GUID.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the connector has this name, ignoring case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// The kind in Azure's spelling; empty if the document has none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.get("kind").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the connector is of this kind, ignoring case.
    #[must_use]
    pub fn is_kind(&self, kind: &str) -> bool {
        self.kind().eq_ignore_ascii_case(kind)
    }

    /// Whether the document is a connector page instead of a connection.
    #[must_use]
    pub fn is_connector_page(&self) -> bool {
        is_connector_page(self.kind())
    }

    /// The properties; null if the document has none.
    #[must_use]
    pub fn properties(&self) -> &Value {
        self.0.get("properties").unwrap_or(&Value::Null)
    }

    /// Whether a data type is enabled. `data_type` is its path below `dataTypes`. The case of Azure's `Enabled` varies.
    #[must_use]
    pub fn is_enabled(&self, data_type: &[&str]) -> bool {
        let path = [&["properties", "dataTypes"], data_type, &["state"]].concat();
        self.get(&path).and_then(Value::as_str).is_some_and(|state| state.eq_ignore_ascii_case("Enabled"))
    }

    /// The value at `path`; `None` if it is absent or null.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let mut value = self.0.get(*first)?;
        for step in rest {
            value = value.get(*step)?;
        }
        (!value.is_null()).then_some(value)
    }

    /// Sets the value at `path`. Creates the parent objects, and replaces parents that are not objects.
    pub fn set(&mut self, path: &[&str], value: Value) {
        let Some((last, parents)) = path.split_last() else { return };
        let mut fields = &mut self.0;
        for step in parents {
            let inner = fields.entry(*step).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            fields = inner.as_object_mut().expect("invariant: an object was inserted");
        }
        fields.insert((*last).to_owned(), value);
    }

    /// Removes the value at `path`, and keeps the order of the other fields.
    pub fn remove(&mut self, path: &[&str]) {
        let Some((last, parents)) = path.split_last() else { return };
        let mut fields = &mut self.0;
        for step in parents {
            let Some(inner) = fields.get_mut(*step).and_then(Value::as_object_mut) else { return };
            fields = inner;
        }
        fields.shift_remove(*last);
    }

    /// The body of a PUT request: the document without the read-only `systemData`.
    #[must_use]
    pub fn into_body(mut self) -> Value {
        self.0.shift_remove("systemData");
        Value::Object(self.0)
    }
}

/// The error of a document that is not a data connector.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a data connector in the response is invalid: {problem}")]
pub struct MalformedDocument {
    problem: &'static str,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(value: Value) -> Document {
        Document::parse(value).expect("a usable document")
    }

    #[test]
    fn rejects_a_document_without_a_name() {
        assert!(Document::parse(json!({"kind": "Office365"})).is_err());
        assert!(Document::parse(json!([])).is_err());
    }

    #[test]
    fn compares_states_case_insensitively() {
        let document = parsed(json!({"name": "n", "properties": {"dataTypes": {"alerts": {"state": "enabled"}}}}));

        assert!(document.is_enabled(&[ALERTS]));
        assert!(!document.is_enabled(&["incidents"]));
    }

    #[test]
    fn body_omits_read_only_properties() {
        let document = parsed(json!({"name": "n", "etag": "e", "systemData": {"createdBy": "x"}, "novelty": 1.0}));

        assert_eq!(document.into_body(), json!({"name": "n", "etag": "e", "novelty": 1.0}));
    }

    #[test]
    fn set_creates_parent_objects_and_keeps_siblings() {
        for (before, after) in [
            (json!({"name": "n"}), json!({"name": "n", "properties": {"a": {"b": true}}})),
            (json!({"name": "n", "properties": null}), json!({"name": "n", "properties": {"a": {"b": true}}})),
            (json!({"name": "n", "properties": {"a": "text"}}), json!({"name": "n", "properties": {"a": {"b": true}}})),
            (
                json!({"name": "n", "properties": {"a": {"b": [1], "c": 2}}}),
                json!({"name": "n", "properties": {"a": {"b": true, "c": 2}}}),
            ),
        ] {
            let mut document = parsed(before);

            document.set(&["properties", "a", "b"], json!(true));

            assert_eq!(document, parsed(after));
        }
    }

    #[test]
    fn remove_keeps_siblings() {
        let mut document = parsed(json!({"name": "n", "properties": {"a": 1, "b": 2, "c": 3}}));

        document.remove(&["properties", "a"]);
        document.remove(&["properties", "nothing", "here"]);

        assert_eq!(document.into_body().to_string(), r#"{"name":"n","properties":{"b":2,"c":3}}"#);
    }
}
