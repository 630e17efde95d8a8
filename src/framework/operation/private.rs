//! Private state: data that a provider stores with an object and Terraform does not show.

use serde_json::{Map, Value as Json};

/// The prefix of the framework's own keys.
const RESERVED: char = '.';

/// Set by an import, removed by the read that follows it.
const IMPORTED: &str = ".import_before_read";

/// Set by a plan whose update replaces the object, removed by the apply. Holds the private state of the old object.
const REPLACES: &str = ".update_replaces";

/// Set if such an update could not finish creating the new object, removed by the plan that replaces it.
const INCOMPLETE: &str = ".incomplete";

/// JSON by key, saved in the state beside the attributes and carried through every operation. Not shown to the user,
/// and not encrypted either.
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
    /// The key begins with a dot. Such keys are the framework's.
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

    /// Reads saved private state. If it cannot be read, for example because another provider wrote it, the result is
    /// empty: private state only saves work. No operation requires it.
    pub(in crate::framework) fn decode(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    pub(in crate::framework) fn encode(&self) -> Vec<u8> {
        if self.0.is_empty() { Vec::new() } else { Json::Object(self.0.clone()).to_string().into_bytes() }
    }

    /// Notes that the planned update replaces an object, which has this private state.
    pub(in crate::framework) fn mark_replacing(&mut self, old: Self) {
        self.0.insert(REPLACES.to_owned(), Json::Object(old.0));
    }

    /// If the planned update replaces an object, the private state of the old one. Removes the note.
    pub(in crate::framework) fn take_replacing(&mut self) -> Option<Self> {
        match self.0.remove(REPLACES)? {
            Json::Object(old) => Some(Self(old)),
            _ => Some(Self::default()),
        }
    }

    /// Notes that the object was not created completely.
    pub(in crate::framework) fn mark_incomplete(&mut self) {
        self.0.insert(INCOMPLETE.to_owned(), Json::Bool(true));
    }

    /// Whether the object was not created completely. Removes the note.
    pub(in crate::framework) fn take_incomplete(&mut self) -> bool {
        self.0.remove(INCOMPLETE).is_some()
    }

    pub(in crate::framework) fn mark_imported(&mut self) {
        self.0.insert(IMPORTED.to_owned(), Json::Bool(true));
    }

    /// Whether the last operation was an import. Removes the note.
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
    fn reads_malformed_data_as_none() {
        for bytes in [b"".as_slice(), b"\xff", b"[1]", b"{\"a\":"] {
            assert_eq!(Private::decode(bytes), Private::default());
        }
    }

    #[test]
    fn hides_the_keys_of_the_framework() {
        let mut private = Private::default();
        private.mark_imported();

        private.remove(IMPORTED);

        assert_eq!(private.get(IMPORTED), None);
        assert!(private.take_imported());
    }
}
