//! Deployment operations, and the status that `Azure-AsyncOperation` points to.

use hyper::Method;
use serde_json::Value;

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

const PAGE_SIZE: usize = 100;

/// The operations of a deployment, newest first.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::parent_deployment(context)?;
    let mut found = store::list(context);
    found.sort_by_key(|document| std::cmp::Reverse(document["properties"]["timestamp"].to_string()));
    page::of(context, &found, PAGE_SIZE)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::parent_deployment(context)?;
    Ok(Response::ok(&store::get(context)?))
}

/// The status of a deployment: `{"status": "Running"}` with `Retry-After`, or the final status with the error, if any.
fn status(context: &mut Context<'_>) -> Result<Response, ArmError> {
    resource::parent_deployment(context)?;
    let status = store::get(context)?;
    let response = Response::ok(&status);
    if status["status"].as_str().is_some_and(ProvisioningState::is_final) {
        return Ok(response);
    }
    let retry_after: Value = context.world.settings.behaviors.deployment_retry_after_seconds.into();
    Ok(response.with_header("retry-after", &retry_after.to_string()))
}
