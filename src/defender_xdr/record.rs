//! The record in an owner's private state: which document the owner uses, and whether it created the document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::framework::State;
use crate::sentinel::data_connector::Document;

/// The key of the record in the private state.
const KEY: &str = "connector";

/// The private state key that records the plan's warning about the destroy, so that the apply does not repeat it.
pub const WARNED: &str = "disconnect_warned";

/// The record. Create, read and import write it. A record of another provider version may be unreadable. It then counts
/// as missing, and the provider acts more cautiously.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Record {
    /// The name of the connector.
    connector: String,
    /// The connector's properties right after this resource created it. Absent if the connector already existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_with: Option<Value>,
    /// Whether the connection existed before this resource imported or adopted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    found: bool,
    /// Whether a create has failed or is still running. The connector may then exist without a connection, and a
    /// destroy cleans it up by its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

impl Record {
    /// The record of an existing connection.
    #[must_use]
    pub fn of(connector: &str) -> Self {
        Self { connector: connector.to_owned(), created_with: None, found: false, unfinished: false }
    }

    /// Sets the properties right after the creation, if this resource created the connector.
    #[must_use]
    pub fn created_with(self, properties: Option<Value>) -> Self {
        Self { created_with: properties, ..self }
    }

    /// Marks a connection that existed before this resource managed it.
    #[must_use]
    pub fn found(self) -> Self {
        Self { found: true, ..self }
    }

    /// Marks a create that is not finished.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self { unfinished: true, ..self }
    }

    /// Reads the record from the private state.
    #[must_use]
    pub fn in_state(state: &State) -> Option<Self> {
        state.private().get(KEY).and_then(Self::from_json)
    }

    /// Stores the record in the private state.
    pub fn store_in(&self, state: &mut State) {
        state.private_mut().set(KEY, self.to_json());
        state.private_mut().remove(WARNED); // A replacement has copied this note from the object that it replaces.
    }

    fn from_json(json: Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("invariant: strings and JSON serialize to JSON")
    }

    /// The document's properties right after this resource created it. `None` if it did not create the document.
    #[must_use]
    pub fn properties_at_creation(&self, document: &Document) -> Option<&Value> {
        self.created_with.as_ref().filter(|_| self.is_about(document))
    }

    /// The name of the connector.
    #[must_use]
    pub fn connector(&self) -> &str {
        &self.connector
    }

    /// Whether the connection existed before this resource managed it.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.found
    }

    /// The recorded document.
    #[must_use]
    pub fn document<'a>(&self, documents: &'a [Document]) -> Option<&'a Document> {
        documents.iter().find(|document| self.is_about(document))
    }

    /// The document that an unfinished create left behind.
    #[must_use]
    pub fn leftover<'a>(&self, documents: &'a [Document]) -> Option<&'a Document> {
        self.document(documents).filter(|_| self.unfinished)
    }

    /// Updates the record after a read that found the connection in `document`. The create is then finished.
    #[must_use]
    pub fn observed_in(self, document: &Document) -> Self {
        let created_with = self.properties_at_creation(document).cloned();
        Self { connector: document.name().to_owned(), created_with, unfinished: false, ..self }
    }

    fn is_about(&self, document: &Document) -> bool {
        document.is_named(&self.connector)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::framework::Schema;

    fn record() -> Record {
        Record::of("c1").created_with(Some(json!({"n": 1.50})))
    }

    fn named(name: &str) -> Document {
        Document::new(name, "MicrosoftThreatProtection", json!({}))
    }

    #[test]
    fn round_trips_through_the_private_state() {
        let record = record().unfinished();

        assert_eq!(Record::from_json(record.to_json()), Some(record));
    }

    #[test]
    fn ignores_a_record_of_another_version() {
        assert_eq!(Record::from_json(json!({"version": 7})), None);
    }

    #[test]
    fn creation_record_applies_only_to_its_connector() {
        assert!(record().properties_at_creation(&named("C1")).is_some());
        assert!(record().properties_at_creation(&named("c2")).is_none());
        assert!(record().observed_in(&named("c2")).properties_at_creation(&named("c2")).is_none());
    }

    #[test]
    fn found_connection_stays_found_under_another_name() {
        assert!(Record::of("c1").found().observed_in(&named("c2")).is_found());
        assert!(!record().observed_in(&named("c1")).is_found());
    }

    #[test]
    fn only_an_unfinished_create_leaves_a_document() {
        assert!(record().leftover(&[named("c1")]).is_none());
        assert!(record().unfinished().leftover(&[named("c2"), named("c1")]).is_some());
    }

    #[test]
    fn observed_connection_is_finished_and_has_the_name_of_its_document() {
        let seen = record().unfinished().observed_in(&named("c2"));

        assert_eq!(seen.connector(), "c2");
        assert!(seen.leftover(&[named("c2")]).is_none());
    }

    #[test]
    fn record_is_kept_in_the_private_state() {
        let mut state = State::empty(&Schema::new(""));

        record().store_in(&mut state);

        assert_eq!(Record::in_state(&state), Some(record()));
    }
}
