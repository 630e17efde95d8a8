//! Metadata, which links a content item to its solution.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value};

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, schema, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::schema::malformed;
use crate::arm::{ArmError, Context, body, store};
use crate::http::Response;

pub(super) const METADATA: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "metadata",
    api_versions: api_versions::METADATA,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::PATCH, permission: Permission::ByMethod, handler: patch },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: document::delete },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    query::respond(context, store::list(context))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    save(context, &sent)
}

/// Replaces the properties in the body and keeps the others.
fn patch(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let mut sent = body::object(context.request)?;
    let mut properties = store::get(context)?["properties"].clone();
    match sent.get("properties") {
        None | Some(Value::Null) => {}
        Some(Value::Object(changes)) => changes.iter().for_each(|(name, value)| properties[name] = value.clone()),
        Some(_) => return Err(malformed("properties", "an object")),
    }
    sent.insert("properties".to_owned(), properties);
    save(context, &sent)
}

fn save(context: &mut Context<'_>, sent: &Map<String, Value>) -> Result<Response, ArmError> {
    let properties = schema::read(schema::of("metadata"), sent.get("properties"), false)?;
    schema::require_texts(&properties, &["parentId", "kind"])?;
    check_parent(context, &properties["parentId"])?;
    let before = document::before(context);
    write::check_etag(context, "metadata", before.as_ref(), sent)?;
    let new =
        NewDocument { segment: "metadata", shown_type: "metadata", kind: None, properties, has_system_data: true };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}

/// Returns 400 if other metadata describes the same content item.
fn check_parent(context: &Context<'_>, parent: &Value) -> Result<(), ArmError> {
    let parent = parent.as_str().unwrap_or_default();
    let is_other = |document: &Value| {
        let same = |member: &Value, text: &str| member.as_str().is_some_and(|found| found.eq_ignore_ascii_case(text));
        same(&document["properties"]["parentId"], parent) && !same(&document["name"], context.target.name())
    };
    if !context.world.documents.children(context.target.parent()).any(is_other) {
        return Ok(());
    }
    let message = format!("parentId {parent} is already associated with other metadata");
    Err(ArmError::new(StatusCode::BAD_REQUEST, "BadRequestException", message))
}
