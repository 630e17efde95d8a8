//! `{scope}/providers/Microsoft.Resources/tags/default`: the tags of a subscription, resource group or resource.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, tags};
use crate::http::Response;

pub(super) const TAGS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "tags",
    api_versions: API_VERSIONS,
    scope: Scope::Any,
    routes: &[
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::PATCH, permission: Permission::ByMethod, handler: patch },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let document = tagged(context)?;
    Ok(respond(context, &document))
}

/// Replaces all tags.
fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let sent = sent(&body::object(context.request)?)?;
    set(context, sent)
}

/// Merges, replaces or deletes tags, depending on `operation`. Names are case-insensitive.
fn patch(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let body = body::object(context.request)?;
    let sent = sent(&body)?;
    let mut tags = tagged(context)?["tags"].as_object().cloned().unwrap_or_default();
    let operation = body.get("operation").and_then(Value::as_str).unwrap_or_default();
    match operation.to_lowercase().as_str() {
        "replace" => tags = sent,
        "merge" => {
            tags.retain(|name, _| !sent.keys().any(|other| other.eq_ignore_ascii_case(name)));
            tags.extend(sent);
        }
        // A tag with a different value remains.
        "delete" => tags.retain(|name, value| {
            !sent.iter().any(|(other, old)| other.eq_ignore_ascii_case(name) && (old == value || old == ""))
        }),
        _ => {
            let problem =
                format!("Error converting value \"{operation}\" to type 'TagsPatchOperation'. Path 'operation'");
            return Err(ArmError::invalid_content(&problem));
        }
    }
    set(context, tags)
}

fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    set(context, Map::new())?;
    Ok(Response::empty(StatusCode::OK))
}

/// The document that has the tags.
fn tagged(context: &Context<'_>) -> Result<Value, ArmError> {
    let name = context.target.name();
    if !name.eq_ignore_ascii_case("default") {
        return Err(ArmError::bad_request(format!("The tags resource '{name}' is invalid. Its name is 'default'.")));
    }
    let scope = &context.target.scope;
    let document = context.world.documents.get(scope);
    // Extensions, such as data connectors, have no location and no tags.
    let document = document.filter(|document| !document["location"].is_null() || !document["subscriptionId"].is_null());
    document.cloned().ok_or_else(|| ArmError::bad_request(format!("'{scope}' does not support tags.")))
}

/// The tags in a body.
fn sent(body: &Map<String, Value>) -> Result<Map<String, Value>, ArmError> {
    let properties = body.get("properties").and_then(Value::as_object);
    let properties = properties.ok_or_else(|| ArmError::missing_property("properties", ""))?;
    Ok(tags::read(properties)?.unwrap_or_default())
}

fn set(context: &mut Context<'_>, tags: Map<String, Value>) -> Result<Response, ArmError> {
    let mut document = tagged(context)?;
    let tags = Map::from_iter([("tags".to_owned(), Value::Object(tags))]);
    // The merged tags may exceed the limits of a resource.
    tags::read(&tags)?;
    document["tags"] = tags["tags"].clone();
    context.world.documents.put(&context.target.scope, document.clone());
    Ok(respond(context, &document))
}

fn respond(context: &Context<'_>, document: &Value) -> Response {
    let id = document["id"].as_str().unwrap_or(&context.target.scope);
    let tags = document["tags"].as_object().cloned().unwrap_or_default();
    Response::ok(&json!({
        "id": format!("{id}/providers/{NAMESPACE}/tags/default"),
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": tags},
    }))
}
