//! Log Analytics workspaces.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::document::{self, WorkspaceRequest};
use super::{API_VERSIONS, NAMESPACE, TYPE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::http::Response;

pub(super) const WORKSPACES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "workspaces",
    api_versions: API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::PATCH, permission: Permission::ByMethod, handler: patch },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
        Route {
            on: On::Action("sharedKeys"),
            method: Method::POST,
            permission: Permission::Verb("sharedKeys/action"),
            handler: shared_keys,
        },
    ],
};

/// The workspaces of a resource group or a subscription.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let scope = &context.target.scope;
    let found = context.world.documents.below(scope).filter(|(id, document)| {
        document["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(TYPE))
            && id.contains("/resourcegroups/")
    });
    page::whole(context, found.map(|(_, document)| document.clone()))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    Ok(Response::ok(&store::get(context)?))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    check_name(context.target.name())?;
    let request = WorkspaceRequest::read(&body::object(context.request)?, true)?;
    let before = context.world.documents.get(&context.target.id).cloned();
    check_location(context, before.as_ref(), &request)?;
    let document = document::new(context, before.as_ref(), request);
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    context.world.documents.put(&context.target.id, document.clone());
    Ok(Response::json(status, &document))
}

/// Changes the members in the body and keeps the others.
fn patch(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let request = WorkspaceRequest::read(&body::object(context.request)?, false)?;
    let before = store::get(context)?;
    let document = document::patched(context, before, request);
    context.world.documents.put(&context.target.id, document.clone());
    Ok(Response::ok(&document))
}

/// Returns 409 if the workspace exists in another location.
fn check_location(context: &Context<'_>, before: Option<&Value>, request: &WorkspaceRequest) -> Result<(), ArmError> {
    let current = before.and_then(|before| before["location"].as_str());
    let Some((current, location)) = current.zip(request.location).filter(|(current, location)| current != location)
    else {
        return Ok(());
    };
    let target = context.target;
    let message = format!(
        "The resource '{}' already exists in location '{current}' in resource group '{}'. A resource with the same name \
         cannot be created in location '{location}'. Please select a new resource name.",
        target.name(),
        target.resource_group.as_deref().unwrap_or_default()
    );
    Err(ArmError::new(StatusCode::CONFLICT, "InvalidResourceLocation", message))
}

/// Deletes the workspace and everything on it. The simulator has no soft delete: a new workspace of the same name is
/// empty.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let id = &context.target.id;
    if !context.world.documents.contains(id) {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    }
    context.world.documents.remove_tree(id);
    context.world.settings.onboarding.remove(&id.to_lowercase());
    Ok(Response::empty(StatusCode::OK))
}

/// Returns the keys for agents. The simulator has no ingestion that uses them.
fn shared_keys(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let workspace = context.target.parent();
    let document = context.world.documents.get(workspace);
    let document = document.ok_or_else(|| {
        let target = context.target;
        ArmError::resource_not_found(TYPE, target.name(), target.resource_group.as_deref())
    })?;
    let customer = document["properties"]["customerId"].as_str().unwrap_or_default();
    let key = |which: &str| STANDARD.encode(format!("{which} shared key of the workspace {customer}"));
    Ok(Response::ok(&json!({"primarySharedKey": key("primary"), "secondarySharedKey": key("secondary")})))
}

/// Checks a name: 4 to 63 letters, digits and hyphens, and no hyphen at either end.
fn check_name(name: &str) -> Result<(), ArmError> {
    let fits = (4..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fits {
        return Ok(());
    }
    let message = format!("'Name' does not match expression '^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$': '{name}'.");
    Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidResourceName", message))
}
