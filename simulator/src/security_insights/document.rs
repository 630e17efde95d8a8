//! Functions for documents of all Sentinel types: get, save with a new etag, delete.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::{NAMESPACE, onboarding_states, write};
use crate::arm::{ArmError, Context, store};
use crate::http::Response;

/// A document to save under the target's ID.
pub(super) struct NewDocument {
    /// The type in the casing of IDs: `contentPackages`.
    pub(super) segment: &'static str,
    /// The type in the casing of the member `type`: `contentpackages`.
    pub(super) shown_type: &'static str,
    pub(super) kind: Option<&'static str>,
    pub(super) properties: Map<String, Value>,
    /// Whether documents of the type have `systemData`.
    pub(super) has_system_data: bool,
}

/// Handles GET.
pub(super) fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    Ok(Response::ok(&store::get(context)?))
}

/// Handles DELETE: 200, or 204 if the document did not exist.
pub(super) fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let existed = context.world.documents.remove(&context.target.id).is_some();
    Ok(Response::empty(if existed { StatusCode::OK } else { StatusCode::NO_CONTENT }))
}

/// The document that a PUT replaces.
pub(super) fn before(context: &Context<'_>) -> Option<Value> {
    context.world.documents.get(&context.target.id).cloned()
}

/// Applies the world's write rules and stores the document with a new etag. Returns 201, or 200 if it replaced a
/// document.
pub(super) fn save(context: &mut Context<'_>, new: NewDocument) -> Result<(StatusCode, Value), ArmError> {
    let before = before(context);
    let mut document = json!({
        "id": store::canonical_id(context, &format!("{NAMESPACE}/{}", new.segment)),
        "name": before.as_ref().map_or_else(|| json!(context.target.name()), |before| before["name"].clone()),
        "etag": null,
        "type": format!("{NAMESPACE}/{}", new.shown_type),
    });
    if let Some(kind) = new.kind {
        document["kind"] = json!(kind);
    }
    document["properties"] = Value::Object(new.properties);
    if new.has_system_data {
        document["systemData"] = store::system_data(context, before.as_ref());
    }
    write::apply_rules(context, &mut document)?;
    document["etag"] = json!(context.world.next_etag());
    context.world.documents.put(&context.target.id, document.clone());
    Ok((if before.is_some() { StatusCode::OK } else { StatusCode::CREATED }, document))
}
