//! Handles calls that upgrade, import and move states and identities.

use serde_json::Value as Json;

use super::Service;
use crate::framework::{Diagnostic, Diagnostics, ImportRequest, MoveRequest};
use crate::json::{self, JsonError};
use crate::protocol::codec::diagnostic::encode_all;
use crate::protocol::proto::{
    RawState, import_resource_state, move_resource_state, upgrade_resource_identity, upgrade_resource_state,
};

pub(super) async fn upgrade(
    service: &Service,
    request: upgrade_resource_state::Request,
) -> Result<upgrade_resource_state::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let saved = parse(request.raw_state.as_ref(), "The saved state")?;
    let (state, diagnostics) = service.server.upgrade_resource_state(&request.type_name, request.version, saved);
    let upgraded_state = state.map(|state| types.state.encode_json(&state, "The saved state")).transpose()?;
    Ok(upgrade_resource_state::Response { upgraded_state, diagnostics: encode_all(diagnostics) })
}

pub(super) async fn upgrade_identity(
    service: &Service,
    request: upgrade_resource_identity::Request,
) -> Result<upgrade_resource_identity::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let saved = parse(request.raw_identity.as_ref(), "The saved identity")?;
    let (identity, diagnostics) = service.server.upgrade_resource_identity(&request.type_name, request.version, saved);
    let upgraded_identity = match (identity, &types.identity) {
        (Some(identity), Some(ty)) => Some(ty.decode_json(&identity, "The saved identity")?),
        _ => None,
    };
    let upgraded_identity = types.encode_identity(upgraded_identity.as_ref())?;
    Ok(upgrade_resource_identity::Response { upgraded_identity, diagnostics: encode_all(diagnostics) })
}

pub(super) async fn import(
    service: &Service,
    request: import_resource_state::Request,
) -> Result<import_resource_state::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let identity = types.decode_identity(request.identity.as_ref())?;
    let type_name = request.type_name;
    let import = ImportRequest { type_name: type_name.clone(), id: request.id, identity };
    let imported = service.server.import_resource_state(import).await;
    let imported_resources = match imported.state {
        Some(state) => vec![import_resource_state::ImportedResource {
            type_name,
            state: Some(types.state.encode(&state, "The imported state")?),
            private: imported.private.into(),
            identity: types.encode_identity(imported.identity.as_ref())?,
        }],
        None => Vec::new(),
    };
    let diagnostics = encode_all(imported.diagnostics);
    Ok(import_resource_state::Response { imported_resources, diagnostics, deferred: None })
}

/// Moves a state from another type. It ignores the private state and the identity of the source.
pub(super) async fn move_state(
    service: &Service,
    request: move_resource_state::Request,
) -> Result<move_resource_state::Response, Diagnostics> {
    let types = service.types.resource(&request.target_type_name)?;
    let source_state = parse(request.source_state.as_ref(), "The state to move")?;
    let moved = service.server.move_resource_state(MoveRequest {
        source_provider_address: request.source_provider_address,
        source_type_name: request.source_type_name,
        source_schema_version: request.source_schema_version,
        source_state,
        target_type_name: request.target_type_name,
    });
    let target_state =
        moved.target_state.map(|state| types.state.encode_json(&state, "The moved state")).transpose()?;
    Ok(move_resource_state::Response {
        target_state,
        diagnostics: encode_all(moved.diagnostics),
        target_private: bytes::Bytes::new(),
        target_identity: types.encode_identity(moved.identity.as_ref())?,
    })
}

/// Parses saved JSON. `what` names it in diagnostics.
fn parse(raw: Option<&RawState>, what: &str) -> Result<Json, Diagnostic> {
    let raw = raw.filter(|raw| !raw.json.is_empty()).ok_or_else(|| {
        let detail = format!(
            "{what} is empty, or was saved by Terraform 0.11 or earlier. Upgrade it with an older Terraform version \
             first."
        );
        Diagnostic::error("The state cannot be read", detail)
    })?;
    json::parse(&raw.json).map_err(|error| {
        let problem = match error {
            JsonError::Invalid(error) => format!("{what} is not valid JSON: {error}."),
            JsonError::TooLarge => format!("{what} is larger than any state of this provider."),
        };
        Diagnostic::error("The state cannot be read", problem)
    })
}
