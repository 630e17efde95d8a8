//! Deployment operations, and the status that `Azure-AsyncOperation` points to.

use hyper::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use super::documents::ProvisioningState;
use super::resource;
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, page, store};
use crate::http::Response;
use crate::resource_manager::{DEPLOYMENT_API_VERSIONS, NAMESPACE};

pub(in crate::resource_manager) const OPERATIONS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "deployments/operations",
    api_versions: DEPLOYMENT_API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
    ],
};

pub(in crate::resource_manager) const OPERATION_STATUSES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "deployments/operationStatuses",
    api_versions: DEPLOYMENT_API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: status }],
};

pub(in crate::resource_manager) const OPERATION_RESULTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/operationresults",
    api_versions: DEPLOYMENT_API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Instance, method: Method::GET, permission: Permission::None, handler: result }],
};

const PAGE_SIZE: usize = 100;

/// Newest first.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::of(context)?;
    let mut found = store::list(context);
    found.sort_by_key(|document| std::cmp::Reverse(document["properties"]["timestamp"].to_string()));
    page::of(context, &found, PAGE_SIZE)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::of(context)?;
    Ok(Response::ok(&store::get(context)?))
}

/// `{"status": "Running"}` with `Retry-After`; at the end the final status, with the error if there is one.
fn status(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::of(context)?;
    let status = store::get(context)?;
    let response = Response::ok(&status);
    if status["status"].as_str().is_some_and(ProvisioningState::is_final) {
        return Ok(response);
    }
    let retry_after: Value = context.world.settings.behaviors.deployment_retry_after_seconds.into();
    Ok(response.with_header("retry-after", &retry_after.to_string()))
}

/// 202 for an operation that has ended, with the address of its result: a body, or nothing.
pub(super) fn accepted(context: &mut Context<'_>, body: Option<Value>) -> Response {
    let subscription = context.target.subscription.as_deref().unwrap_or_default();
    let path = format!("/subscriptions/{subscription}/operationresults/{}", Uuid::new_v4().simple());
    if let Some(body) = body {
        context.world.documents.put(&path, body);
    }
    let location = format!("{}{path}?api-version={}", context.arm.endpoint, context.api_version);
    let retry_after = context.world.settings.behaviors.deployment_retry_after_seconds.to_string();
    let response = Response::empty(StatusCode::ACCEPTED);
    response.with_header("location", &location).with_header("retry-after", &retry_after)
}

/// 200 with the body, or 204.
fn result(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let body = context.world.documents.get(&context.target.id);
    Ok(body.map_or_else(|| Response::empty(StatusCode::NO_CONTENT), Response::ok))
}
