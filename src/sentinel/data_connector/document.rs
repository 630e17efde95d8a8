//! A data connector as Azure holds it: the whole JSON document, so that what we do not know survives a write.
//!
//! `{id, name, type, etag, systemData, kind, properties}`; the shape of `properties` depends on `kind`.

use serde_json::{Map, Value};

use super::kind::is_connector_page;

/// The data type that carries alerts, in every kind that has one.
pub const ALERTS: &str = "alerts";

/// One document under `…/providers/Microsoft.SecurityInsights/dataConnectors`.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Map<String, Value>);

impl Document {
    /// A document that does not exist yet: no id and no etag.
    #[must_use]
    pub fn new(name: &str, kind: &str, properties: Value) -> Self {
        let fields = [("name", name.into()), ("kind", kind.into()), ("properties", properties)];
        Self(fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect())
    }

    /// Takes Azure's answer.
    ///
    /// # Errors
    /// When it is not an object with a `name`: without one it can neither be identified nor written.
    pub fn parse(value: Value) -> Result<Self, MalformedDocument> {
        match value {
            Value::Object(fields) if fields.get("name").is_some_and(Value::is_string) => Ok(Self(fields)),
            Value::Object(_) => Err(MalformedDocument { problem: "it has no `name`" }),
            _ => Err(MalformedDocument { problem: "it is not an object" }),
        }
    }

    /// ARM id; absent before the first write.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.get("id").and_then(Value::as_str)
    }

    /// Name below the workspace: mostly a GUID.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Is this its name? Compared without case, as Azure does.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Kind as Azure spells it; empty where Azure sent none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.get("kind").and_then(Value::as_str).unwrap_or_default()
    }

    /// Is it of this kind? Compared without case.
    #[must_use]
    pub fn is_kind(&self, kind: &str) -> bool {
        self.kind().eq_ignore_ascii_case(kind)
    }

    /// Whether it is a connector page. Otherwise it is a connection.
    #[must_use]
    pub fn is_connector_page(&self) -> bool {
        is_connector_page(self.kind())
    }

    /// The properties; null where Azure sent none.
    #[must_use]
    pub fn properties(&self) -> &Value {
        self.0.get("properties").unwrap_or(&Value::Null)
    }

    /// Is this data type on? `data_type` is its path below `dataTypes`. Azure answers in either case.
    #[must_use]
    pub fn is_enabled(&self, data_type: &[&str]) -> bool {
        let path = [&["properties", "dataTypes"], data_type, &["state"]].concat();
        self.get(&path).and_then(Value::as_str).is_some_and(|state| state.eq_ignore_ascii_case("Enabled"))
    }

    /// What lives at `path`; null counts as absent.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let mut value = self.0.get(*first)?;
        for step in rest {
            value = value.get(*step)?;
        }
        (!value.is_null()).then_some(value)
    }

    /// Puts `value` at `path`, and an object wherever the path leads through something else.
    pub fn set(&mut self, path: &[&str], value: Value) {
        let Some((last, parents)) = path.split_last() else { return };
        let mut fields = &mut self.0;
        for step in parents {
            let inner = fields.entry(*step).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            fields = inner.as_object_mut().expect("invariant: just made one");
        }
        fields.insert((*last).to_owned(), value);
    }

    /// Takes away what lives at `path`. The order of what stays is kept.
    pub fn remove(&mut self, path: &[&str]) {
        let Some((last, parents)) = path.split_last() else { return };
        let mut fields = &mut self.0;
        for step in parents {
            let Some(inner) = fields.get_mut(*step).and_then(Value::as_object_mut) else { return };
            fields = inner;
        }
        fields.shift_remove(*last);
    }

    /// The body of a PUT: everything but `systemData`, which is Azure's own record.
    #[must_use]
    pub fn into_body(mut self) -> Value {
        self.0.shift_remove("systemData");
        Value::Object(self.0)
    }
}

/// An answer that is not a data connector.
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
    fn states_compare_without_case() {
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
