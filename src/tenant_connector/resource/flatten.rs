//! Converts a data connector to the computed attributes.

use crate::defender_xdr::Record;
use crate::framework::State;
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::{Document, kind};

use super::attributes::{ID, KIND, NAME};

/// Writes the document into the state, and `record` into the private state.
pub(super) fn flatten(state: &mut State, workspace: &WorkspaceId, document: &Document, record: &Record) {
    let made = || workspace.sentinel_resource(kind::RESOURCE_TYPE, document.name()).to_string();
    state.set(&ID, Some(document.id().map_or_else(made, str::to_owned)));
    state.set(&NAME, Some(document.name().to_owned()));
    state.set(&KIND, Some(document.kind().to_owned()));
    record.store_in(state);
}

/// The tenant whose alerts the connector streams.
pub(super) fn tenant_in(document: &Document) -> Option<&str> {
    document.get(&["properties", "tenantId"]).and_then(serde_json::Value::as_str)
}
