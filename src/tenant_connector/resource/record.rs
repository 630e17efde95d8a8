//! What the resource keeps in its private state: which connector it uses, and how to undo what connecting changed.

use serde::{Deserialize, Serialize};

use crate::sentinel::data_connector::Document;
use crate::tenant_connector::slice::Undo;

/// Key in the private state.
pub(super) const KEY: &str = "connector";

/// Written by create, read and import. A private state that cannot be read (an older or a newer version wrote it) is
/// no record: everything still works, only more cautiously.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Record {
    /// Name of the connector that the rest is about.
    connector: String,
    /// How to undo what connecting changed; absent for a connection that was there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undo: Option<Undo>,
    /// A create that failed may have left something that is not a connection (yet), to be cleaned up by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

impl Record {
    /// Of a connection that is on.
    pub(super) fn of(connector: &str, undo: Option<Undo>) -> Self {
        Self { connector: connector.to_owned(), undo, unfinished: false }
    }

    /// The same, of a create that has not come to its end.
    pub(super) fn unfinished(self) -> Self {
        Self { unfinished: true, ..self }
    }

    pub(super) fn from_json(json: serde_json::Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("invariant: strings and JSON serialise to JSON")
    }

    /// How to undo what was done to this very document; nothing is known about any other.
    pub(super) fn undo_for(&self, document: &Document) -> Option<&Undo> {
        self.undo.as_ref().filter(|_| self.is_about(document))
    }

    /// The document that an unfinished create may have left.
    pub(super) fn left_over<'a>(&self, documents: &'a [Document]) -> Option<&'a Document> {
        documents.iter().find(|document| self.unfinished && self.is_about(document))
    }

    /// After a look that found `document` streaming: finished, and about that document.
    pub(super) fn seen(self, document: &Document) -> Self {
        let undo = self.undo_for(document).cloned();
        Self { connector: document.name().to_owned(), undo, unfinished: false }
    }

    fn is_about(&self, document: &Document) -> bool {
        document.is_named(&self.connector)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> Record {
        Record::of("c1", Some(Undo::Created(json!({"n": 1.50}))))
    }

    fn named(name: &str) -> Document {
        Document::new(name, "MicrosoftThreatProtection", json!({}))
    }

    #[test]
    fn a_record_survives_the_private_state() {
        let record = record().unfinished();

        assert_eq!(Record::from_json(record.to_json()), Some(record));
    }

    #[test]
    fn a_record_of_another_version_is_no_record() {
        assert_eq!(Record::from_json(json!({"version": 7})), None);
    }

    #[test]
    fn what_is_known_about_one_connector_is_not_used_on_another() {
        assert!(record().undo_for(&named("C1")).is_some());
        assert!(record().undo_for(&named("c2")).is_none());
        assert!(record().seen(&named("c2")).undo_for(&named("c2")).is_none());
    }

    #[test]
    fn only_an_unfinished_create_leaves_something_over() {
        assert!(record().left_over(&[named("c1")]).is_none());
        assert!(record().unfinished().left_over(&[named("c2"), named("c1")]).is_some());
    }
}
