//! Resource groups.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::http::Response;
use crate::resource_path::ResourcePath;

pub(super) const RESOURCE_GROUPS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/resourceGroups",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::HEAD, permission: Permission::ByMethod, handler: exists },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    Ok(page::whole(store::list(context)))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let found = context.world.documents.get(&context.target.id);
    found.map(Response::ok).ok_or_else(|| ArmError::resource_group_not_found(context.target.name()))
}

fn exists(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let there = context.world.documents.contains(&context.target.id);
    Ok(Response::empty(if there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let wanted = body::object(context.request)?;
    let Some(location) = wanted.get("location").and_then(Value::as_str) else {
        return Err(ArmError::new(
            StatusCode::BAD_REQUEST,
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    };
    let location = location.replace(' ', "").to_lowercase();
    let target = context.target;
    let before = context.world.documents.get(&target.id);
    if let Some(there) = before.and_then(|before| before["location"].as_str()).filter(|there| *there != location) {
        let message = format!(
            "Invalid resource group location '{location}'. The Resource group already exists in location '{there}'."
        );
        return Err(ArmError::new(StatusCode::CONFLICT, "InvalidResourceGroupLocation", message));
    }
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let document = json!({
        "id": before.map_or_else(|| json!(canonical_id(target)), |before| before["id"].clone()),
        "name": before.map_or_else(|| json!(target.name()), |before| before["name"].clone()),
        "type": "Microsoft.Resources/resourceGroups",
        "location": location,
        "tags": wanted.get("tags").cloned().unwrap_or_else(|| json!({})),
        "properties": {"provisioningState": "Succeeded"},
    });
    context.world.documents.put(&target.id, document.clone());
    Ok(Response::json(status, &document))
}

/// Clients use various casings of `resourcegroups`; Azure returns one.
fn canonical_id(target: &ResourcePath) -> String {
    format!("/subscriptions/{}/resourceGroups/{}", target.names[0], target.name())
}

/// Deletes the group with everything in it. Azure takes time for it and responds with 202; here it takes none.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    if !context.world.documents.contains(&context.target.id) {
        return Err(ArmError::resource_group_not_found(context.target.name()));
    }
    context.world.documents.remove_tree(&context.target.id);
    Ok(Response::empty(StatusCode::OK))
}
