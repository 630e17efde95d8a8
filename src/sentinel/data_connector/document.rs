//! A data connector as Azure holds it: the whole JSON document, so that what we do not know survives a write.
//!
//! `{id, name, type, etag, systemData, kind, properties}`; the shape of `properties` depends on `kind`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::{Role, role};

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
    /// When it is not an object with a `name`: without one it could neither be told apart nor written.
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

    /// Card or connection.
    #[must_use]
    pub fn role(&self) -> Role {
        role(self.kind())
    }

    /// Version of the document; sent back in the body of a write, Azure refuses the write if it has moved on.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.0.get("etag").and_then(Value::as_str)
    }

    /// The properties; null where Azure sent none.
    #[must_use]
    pub fn properties(&self) -> &Value {
        self.0.get("properties").unwrap_or(&Value::Null)
    }

    /// Is this data type switched on? Azure answers in either case.
    #[must_use]
    pub fn streams(&self, data_type: &str) -> bool {
        let state = self.get(&["properties", "dataTypes", data_type, "state"]);
        state.and_then(Value::as_str).is_some_and(|state| state.eq_ignore_ascii_case("Enabled"))
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

    /// Puts `value` at `path`, with objects on the way where there are none, and says what to put back to undo it.
    pub fn set(&mut self, path: &[&str], value: Value) -> Replaced {
        let mut fields = &mut self.0;
        let mut depth = 0;
        while depth + 1 < path.len() && fields.get(path[depth]).is_some_and(Value::is_object) {
            fields =
                fields.get_mut(path[depth]).and_then(Value::as_object_mut).expect("invariant: just seen to be one");
            depth += 1;
        }
        let nested = path[depth + 1..].iter().rev().fold(value, |inner, step| {
            Value::Object(Map::from_iter([((*step).to_owned(), inner)])) // outermost object last
        });
        let was = fields.insert(path[depth].to_owned(), nested.clone());
        Replaced { path: path[..=depth].iter().map(|step| (*step).to_owned()).collect(), was, now: nested }
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

/// One change to a document, with what it takes to undo it. Serialised into a resource's private state.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Replaced {
    path: Vec<String>,
    /// Absent and null are different here: undoing gives back exactly what was there.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    was: Option<Value>,
    now: Value,
}

impl Replaced {
    /// Does the document still hold what this change put there? Azure may have changed the case of words.
    #[must_use]
    pub fn is_current(&self, document: &Document) -> bool {
        document.get(&self.steps()).is_some_and(|current| same(current, &self.now))
    }

    /// Puts back what was there.
    pub fn undo(&self, document: &mut Document) {
        match &self.was {
            Some(was) => drop(document.set(&self.steps(), was.clone())),
            None => document.remove(&self.steps()),
        }
    }

    fn steps(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// An answer that is not a data connector.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a data connector in the answer cannot be used: {problem}")]
pub struct MalformedDocument {
    problem: &'static str,
}

/// A field that is there, null included (serde would take null for absent).
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Equal but for the case of words.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(value: Value) -> Document {
        Document::parse(value).expect("a usable document")
    }

    #[test]
    fn a_document_without_a_name_is_refused() {
        assert!(Document::parse(json!({"kind": "Office365"})).is_err());
        assert!(Document::parse(json!([])).is_err());
    }

    #[test]
    fn states_compare_without_case() {
        let document = parsed(json!({"name": "n", "properties": {"dataTypes": {"alerts": {"state": "enabled"}}}}));

        assert!(document.streams("alerts"));
        assert!(!document.streams("incidents"));
    }

    #[test]
    fn a_body_holds_everything_but_what_azure_records_itself() {
        let document = parsed(json!({"name": "n", "etag": "e", "systemData": {"createdBy": "x"}, "novelty": 1.0}));

        assert_eq!(document.into_body(), json!({"name": "n", "etag": "e", "novelty": 1.0}));
    }

    #[test]
    fn undoing_gives_back_absent_parents_null_and_values_alike() {
        for before in [
            json!({"name": "n"}),
            json!({"name": "n", "properties": null}),
            json!({"name": "n", "properties": {"a": "text"}}),
            json!({"name": "n", "properties": {"a": {"b": [1], "c": 2}}}),
        ] {
            let mut document = parsed(before.clone());

            let replaced = document.set(&["properties", "a", "b"], json!(true));
            assert!(replaced.is_current(&document));
            let stored: Replaced =
                serde_json::from_value(serde_json::to_value(&replaced).expect("serialises")).expect("deserialises");
            stored.undo(&mut document);

            assert_eq!(document, parsed(before));
        }
    }

    #[test]
    fn a_change_that_azure_respelled_is_still_current_one_that_somebody_extended_is_not() {
        let mut document = parsed(json!({"name": "n"}));
        let replaced = document.set(&["properties", "a"], json!({"state": "Enabled"}));

        document.set(&["properties", "a", "state"], json!("enabled"));
        assert!(replaced.is_current(&document));

        document.set(&["properties", "a", "more"], json!(1));
        assert!(!replaced.is_current(&document));
    }
}
