//! Private state: data that a provider stores with an object and Terraform does not show.

use serde_json::{Map, Value as Json};

/// The prefix of the framework's own keys.
const RESERVED: char = '.';

/// The key of an import's marker. The next read removes it.
const IMPORTED: &str = ".import_before_read";

/// The key for the private state of the old object, in the plan of an update that replaces the object. The apply
/// removes it.
const REPLACES: &str = ".update_replaces";

/// The marker of a new object that such an update created only partly. The plan that replaces the object removes it.
const INCOMPLETE: &str = ".incomplete";

/// The private state: JSON values by key, which Terraform saves with the object. Terraform does not show them, and does
/// not encrypt them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Private(Map<String, Json>);

impl Private {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Json> {
        self.0.get(key).filter(|_| !key.starts_with(RESERVED)).cloned()
    }

    /// Sets the value of a key.
    ///
    /// # Panics
    /// The key begins with a dot. Such keys are reserved for the framework.
    pub fn set(&mut self, key: &str, value: impl Into<Json>) {
        assert!(!key.starts_with(RESERVED), "the key {key:?} of the private state is the framework's");
        self.0.insert(key.to_owned(), value.into());
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &str) {
        if !key.starts_with(RESERVED) {
            self.0.remove(key);
        }
    }

    /// Decodes saved private state. Returns an empty one if that fails, for example because another provider wrote the
    /// data: no operation requires private state.
    pub(in crate::framework) fn decode(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    pub(in crate::framework) fn encode(&self) -> Vec<u8> {
        if self.0.is_empty() { Vec::new() } else { Json::Object(self.0.clone()).to_string().into_bytes() }
    }

    /// Marks the planned update as a replacement of an object with this private state.
    pub(in crate::framework) fn mark_replacing(&mut self, old: Self) {
        self.0.insert(REPLACES.to_owned(), Json::Object(old.0));
    }

    /// Removes the marker of a replacement, and returns the private state of the old object.
    pub(in crate::framework) fn take_replacing(&mut self) -> Option<Self> {
        match self.0.remove(REPLACES)? {
            Json::Object(old) => Some(Self(old)),
            _ => Some(Self::default()),
        }
    }

    /// Marks the object as incomplete.
    pub(in crate::framework) fn mark_incomplete(&mut self) {
        self.0.insert(INCOMPLETE.to_owned(), Json::Bool(true));
    }

    /// Removes the marker of an incomplete object, and returns whether it was set.
    pub(in crate::framework) fn take_incomplete(&mut self) -> bool {
        self.0.remove(INCOMPLETE).is_some()
    }

    pub(in crate::framework) fn mark_imported(&mut self) {
        self.0.insert(IMPORTED.to_owned(), Json::Bool(true));
    }

    /// Removes the marker of an import, and returns whether it was set.
    pub(in crate::framework) fn take_imported(&mut self) -> bool {
        self.0.remove(IMPORTED).is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_back_a_stored_value() {
        let mut private = Private::default();
        private.set("etag", "\"1\"");
        private.mark_imported();

        let mut read = Private::decode(&private.encode());

        assert_eq!(read.get("etag"), Some(json!("\"1\"")));
        assert!(read.take_imported());
        assert!(!read.take_imported());
    }

    #[test]
    fn reads_malformed_data_as_empty() {
        for bytes in [b"".as_slice(), b"\xff", b"[1]", b"{\"a\":"] {
            assert_eq!(Private::decode(bytes), Private::default());
        }
    }

    #[test]
    fn hides_reserved_keys() {
        let mut private = Private::default();
        private.mark_imported();

        private.remove(IMPORTED);

        assert_eq!(private.get(IMPORTED), None);
        assert!(private.take_imported());
    }
}
