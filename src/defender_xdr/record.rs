//! The record of an owner in its private state: which document it uses, and whether it created it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::framework::State;
use crate::sentinel::data_connector::Document;

/// Key of the record in the private state.
const KEY: &str = "connector";

/// Key of the note that the plan has warned about what the delete turns off, so that the delete need not repeat it.
pub const WARNED: &str = "disconnect_warned";

/// Written by create, read and import. A private state that cannot be read (an older or a newer version wrote it) is
/// no record: everything still works, only more cautiously.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Record {
    /// Name of the connector that the rest is about.
    connector: String,
    /// The connector's properties right after this resource created it; absent if it was there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_with: Option<Value>,
    /// The alerts streamed before this resource managed them: it was imported, or it took them over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    found: bool,
    /// A create that failed may have left something that is not a connection (yet), to be cleaned up by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

impl Record {
    /// Of a connection that is on.
    #[must_use]
    pub fn of(connector: &str) -> Self {
        Self { connector: connector.to_owned(), created_with: None, found: false, unfinished: false }
    }

    /// The same, of a connector that this resource created with these properties, if it did.
    #[must_use]
    pub fn created_with(self, properties: Option<Value>) -> Self {
        Self { created_with: properties, ..self }
    }

    /// The same, of a connection that was on before.
    #[must_use]
    pub fn found(self) -> Self {
        Self { found: true, ..self }
    }

    /// The same, of a create that has not come to its end.
    #[must_use]
    pub fn unfinished(self) -> Self {
        Self { unfinished: true, ..self }
    }

    /// The record in the private state.
    #[must_use]
    pub fn in_state(state: &State) -> Option<Self> {
        state.private().get(KEY).and_then(Self::from_json)
    }

    /// Puts the record into the private state.
    pub fn keep(&self, state: &mut State) {
        state.private_mut().set(KEY, self.to_json());
        state.private_mut().remove(WARNED); // of the object that this one replaces
    }

    fn from_json(json: Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("invariant: strings and JSON serialise to JSON")
    }

    /// The properties of this very document right after this resource created it.
    #[must_use]
    pub fn creation_of(&self, document: &Document) -> Option<&Value> {
        self.created_with.as_ref().filter(|_| self.is_about(document))
    }

    /// The name of the connector that the record is about.
    #[must_use]
    pub fn connector(&self) -> &str {
        &self.connector
    }

    /// Whether the alerts streamed before this resource managed them.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.found
    }

    /// The document that the record is about.
    #[must_use]
    pub fn document<'a>(&self, documents: &'a [Document]) -> Option<&'a Document> {
        documents.iter().find(|document| self.is_about(document))
    }

    /// The document that an unfinished create may have left.
    #[must_use]
    pub fn left_over<'a>(&self, documents: &'a [Document]) -> Option<&'a Document> {
        self.document(documents).filter(|_| self.unfinished)
    }

    /// After a look that found `document` streaming: finished, and about that document.
    #[must_use]
    pub fn seen(self, document: &Document) -> Self {
        let created_with = self.creation_of(document).cloned();
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
        assert!(record().creation_of(&named("C1")).is_some());
        assert!(record().creation_of(&named("c2")).is_none());
        assert!(record().seen(&named("c2")).creation_of(&named("c2")).is_none());
    }

    #[test]
    fn found_connection_stays_found_under_another_name() {
        assert!(Record::of("c1").found().seen(&named("c2")).is_found());
        assert!(!record().seen(&named("c1")).is_found());
    }

    #[test]
    fn only_an_unfinished_create_has_a_left_over() {
        assert!(record().left_over(&[named("c1")]).is_none());
        assert!(record().unfinished().left_over(&[named("c2"), named("c1")]).is_some());
    }

    #[test]
    fn observed_connection_is_finished_and_has_the_name_of_its_document() {
        let seen = record().unfinished().seen(&named("c2"));

        assert_eq!(seen.connector(), "c2");
        assert!(seen.left_over(&[named("c2")]).is_none());
    }

    #[test]
    fn record_is_kept_in_the_private_state() {
        let mut state = State::empty(&Schema::new(""));

        record().keep(&mut state);

        assert_eq!(Record::in_state(&state), Some(record()));
    }
}
