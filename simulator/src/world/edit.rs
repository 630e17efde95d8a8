//! Changes of the world that bypass Resource Manager, for example to simulate another user.

use serde_json::{Map, Value, json};

use super::World;
use crate::resource_path::type_and_name;

impl World {
    /// The document with this ARM ID, in any case.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&Value> {
        self.documents.get(id)
    }

    /// The documents of a collection, such as `{workspace}/providers/Microsoft.SecurityInsights/dataConnectors`.
    pub fn collection(&self, path: &str) -> impl Iterator<Item = &Value> {
        self.documents.children(path)
    }

    /// Stores a document and returns the stored document. Adds `id`, `name` and `type` if they are missing. As after
    /// every write in Azure, the document has a new etag, unless the given document already has a new one.
    ///
    /// # Panics
    /// If `id` is not an ARM ID or `document` is not an object.
    pub fn put_document(&mut self, id: &str, document: Value) -> Value {
        match self.try_put_document(id, document) {
            Ok((document, _)) => document,
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Deletes a document and everything below it. Returns whether the document existed.
    pub fn delete_document(&mut self, id: &str) -> bool {
        let existed = self.documents.contains(id);
        self.documents.remove_tree(id);
        existed
    }

    /// Applies a JSON merge patch (RFC 7396) to the `world` object: identities, roles, behaviors, the catalog.
    ///
    /// # Panics
    /// If the result is not a world.
    pub fn patch(&mut self, patch: Value) {
        if let Err(problem) = self.try_patch(patch) {
            panic!("{problem}");
        }
    }

    /// The stored document, and whether it replaced another one.
    pub(crate) fn try_put_document(&mut self, id: &str, document: Value) -> Result<(Value, bool), String> {
        let id = check_id(id)?;
        let Value::Object(mut document) = document else {
            return Err("a document must be a JSON object".to_owned());
        };
        let before = self.documents.get(id);
        let same_etag = before.is_some_and(|before| before.get("etag") == document.get("etag"));
        let has_etag = document.contains_key("etag") || before.is_some_and(|before| before.get("etag").is_some());
        let stored_id = before.and_then(|before| before["id"].as_str()).unwrap_or(id).to_owned();
        if !document.contains_key("id") {
            document.shift_insert(0, "id".to_owned(), json!(stored_id));
        }
        if let Some((resource_type, name)) = type_and_name(&stored_id) {
            document.entry("name").or_insert_with(|| json!(name));
            document.entry("type").or_insert_with(|| json!(resource_type));
            let versioned = has_etag || resource_type.to_lowercase().starts_with("microsoft.securityinsights/");
            let onboarding = resource_type.eq_ignore_ascii_case("Microsoft.SecurityInsights/onboardingStates");
            if versioned && !onboarding && (same_etag || !document.contains_key("etag")) {
                document.insert("etag".to_owned(), json!(self.next_etag()));
            }
        }
        let document = Value::Object(document);
        let replaced = self.documents.put(id, document.clone()).is_some();
        Ok((document, replaced))
    }

    pub(crate) fn try_patch(&mut self, patch: Value) -> Result<(), String> {
        let mut settings = serde_json::to_value(&self.settings).map_err(|error| error.to_string())?;
        merge(&mut settings, patch);
        self.settings =
            serde_json::from_value(settings).map_err(|error| format!("the result is not a world: {error}"))?;
        Ok(())
    }
}

/// The ID without a trailing slash.
pub(crate) fn check_id(id: &str) -> Result<&str, String> {
    let trimmed = id.trim_end_matches('/');
    if trimmed.starts_with('/') {
        Ok(trimmed)
    } else {
        Err(format!("{id:?} is not an ARM id: it does not start with /"))
    }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.shift_remove(&key);
        } else {
            merge(object.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_patch_replaces_adds_and_removes() {
        let mut target = json!({"a": {"b": 1, "c": 2}, "d": [1, 2]});
        merge(&mut target, json!({"a": {"b": null, "e": 3}, "d": [3]}));
        assert_eq!(target, json!({"a": {"c": 2, "e": 3}, "d": [3]}));
    }
}
