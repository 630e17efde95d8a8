//! Resource groups.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{API_VERSIONS, NAMESPACE, tag_filter};
use crate::arm::filter::Filter;
use crate::arm::location::{self, LocationOf};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, authorization, body, page, store, tags};
use crate::http::Response;
use crate::resource_path::ResourcePath;

pub(super) const RESOURCE_GROUPS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/resourceGroups",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::None, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::HEAD, permission: Permission::ByMethod, handler: exists },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::PATCH, permission: Permission::ByMethod, handler: patch },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

/// The groups that the caller may read and that match the filter, if any.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let (world, caller) = (&context.world, context.caller);
    authorization::check_any(world, caller, ACTION, context.target.parent())?;
    let filter = tag_filter::parse(context, &["tagname", "tagvalue"])?;
    let is_readable =
        |group: &Value| authorization::check(world, caller, ACTION, group["id"].as_str().unwrap_or_default()).is_ok();
    let matches =
        |filter: &Filter, group: &Value| tag_filter::views(&json!({}), group).iter().any(|view| filter.matches(view));
    let mut groups = store::list(context);
    groups.retain(|group| is_readable(group) && filter.as_ref().is_none_or(|filter| matches(filter, group)));
    page::of(context, &groups, PAGE_SIZE)
}

const ACTION: &str = "Microsoft.Resources/subscriptions/resourceGroups/read";

const PAGE_SIZE: usize = 1000;

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let found = context.world.documents.get(&context.target.id);
    found.map(Response::ok).ok_or_else(|| ArmError::resource_group_not_found(context.target.name()))
}

fn exists(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let found = context.world.documents.contains(&context.target.id);
    Ok(Response::empty(if found { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let sent = body::object(context.request)?;
    let target = context.target;
    check_name(target.name())?;
    let location = location::read(sent.get("location"), LocationOf::ResourceGroup)?;
    let before = context.world.documents.get(&target.id);
    if let Some(current) = before.and_then(|before| before["location"].as_str()).filter(|current| *current != location)
    {
        let message = format!(
            "Invalid resource group location '{location}'. The Resource group already exists in location '{current}'."
        );
        return Err(ArmError::new(StatusCode::CONFLICT, "InvalidResourceGroupLocation", message));
    }
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let mut document = json!({
        "id": before.map_or_else(|| json!(canonical_id(target)), |before| before["id"].clone()),
        "name": before.map_or_else(|| json!(target.name()), |before| before["name"].clone()),
        "type": "Microsoft.Resources/resourceGroups",
        "location": location,
        "tags": tags::read(&sent)?.unwrap_or_default(),
        "properties": {"provisioningState": "Succeeded"},
    });
    if let Some(manager) = manager(&sent)? {
        document["managedBy"] = manager;
    }
    context.world.documents.put(&target.id, document.clone());
    Ok(Response::json(status, &document))
}

/// Changes the tags and `managedBy`.
fn patch(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let sent = body::object(context.request)?;
    let target = context.target;
    let found = context.world.documents.get(&target.id).cloned();
    let mut document = found.ok_or_else(|| ArmError::resource_group_not_found(target.name()))?;
    if let Some(tags) = tags::read(&sent)? {
        document["tags"] = Value::Object(tags);
    }
    if let Some(manager) = manager(&sent)? {
        document["managedBy"] = manager;
    }
    context.world.documents.put(&target.id, document.clone());
    Ok(Response::ok(&document))
}

/// Returns `managedBy`, which must be a string. Also checks that `properties`, which only Azure writes, is an object.
fn manager(sent: &Map<String, Value>) -> Result<Option<Value>, ArmError> {
    let member = |name: &str| sent.get(name).filter(|value| !value.is_null());
    if member("properties").is_some_and(|properties| !properties.is_object()) {
        return Err(ArmError::invalid_content("Error converting value. Path 'properties': expected an object"));
    }
    match member("managedBy") {
        Some(manager) if !manager.is_string() => {
            Err(ArmError::invalid_content("Error converting value to type 'System.String'. Path 'managedBy'"))
        }
        manager => Ok(manager.cloned()),
    }
}

/// Checks a name: at most 90 letters, digits and `-._()`, and no period at the end.
fn check_name(name: &str) -> Result<(), ArmError> {
    let is_allowed = |character: &char| character.is_alphanumeric() || "-._()".contains(*character);
    let message = if let Some(invalid) = name.chars().find(|character| !is_allowed(character)) {
        format!(
            "The provided resource group name '{name}' has these invalid characters: '{invalid}'. The name can only be a \
             letter, digit, '-', '.', '(', ')' or '_'."
        )
    } else if name.chars().count() > 90 {
        format!(
            "The provided resource group name '{name}' has a length of '{}' which exceeds the maximum length of '90'.",
            name.chars().count()
        )
    } else if name.ends_with('.') {
        format!("The provided resource group name '{name}' has an invalid last character: '.'.")
    } else {
        return Ok(());
    };
    Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidResourceGroup", message))
}

/// The ID in Azure's casing. Clients send various casings of `resourcegroups`.
fn canonical_id(target: &ResourcePath) -> String {
    format!("/subscriptions/{}/resourceGroups/{}", target.names[0], target.name())
}

/// Deletes the group and its resources. Azure responds with 202 and takes time; the simulator deletes them immediately.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    if !context.world.documents.contains(&context.target.id) {
        return Err(ArmError::resource_group_not_found(context.target.name()));
    }
    context.world.documents.remove_tree(&context.target.id);
    Ok(Response::empty(StatusCode::OK))
}
