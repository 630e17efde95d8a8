//! Converts a data connector to the attributes.

use crate::defender_xdr::{Record, TENANT_ID};
use crate::framework::State;
use crate::sentinel::data_connector::{Document, kind};
use crate::sentinel::{TenantId, WorkspaceId};
use crate::xdr_connector::settings::Settings;

use super::attributes::{ADVANCED_HUNTING_TABLES, ALERT_PROVIDERS, ID, INCIDENTS_ENABLED, NAME};

/// Writes the ID and the name of a connector into the state, and `record` into the private state.
pub(super) fn set_names(state: &mut State, workspace: &WorkspaceId, document: &Document, record: &Record) {
    let made = || workspace.sentinel_resource(kind::RESOURCE_TYPE, document.name()).to_string();
    state.set(&ID, Some(document.id().map_or_else(made, str::to_owned)));
    state.set(&NAME, Some(document.name().to_owned()));
    record.store_in(state);
}

/// Writes the enabled settings into the state, as far as `managed` manages them.
pub(super) fn flatten(state: &mut State, document: &Document, managed: &Settings) {
    let on = Settings::in_document(document);
    state.set(&INCIDENTS_ENABLED, on.incidents);
    state.set(&ALERT_PROVIDERS, on.alert_providers.filter(|_| managed.alert_providers.is_some()));
    state.set(&ADVANCED_HUNTING_TABLES, on.hunting_tables.filter(|_| managed.hunting_tables.is_some()));
    if let Some(tenant) = document.get(&["properties", "tenantId"]).and_then(serde_json::Value::as_str) {
        state.set(&TENANT_ID, Some(TenantId::from_azure(tenant)));
    }
}
