//! The routes of deployments: put, get, list, cancel, validate, delete.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::documents::ProvisioningState;
use super::{names, preflight, progress, request, results, start, what_if};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, page, store};
use crate::clock;
use crate::http::Response;
use crate::resource_manager::{DEPLOYMENT_API_VERSIONS, NAMESPACE};
use crate::resource_path::{self, ResourcePath};

pub(in crate::resource_manager) const DEPLOYMENTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "deployments",
    api_versions: DEPLOYMENT_API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::HEAD, permission: Permission::ByMethod, handler: exists },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
        Route {
            on: On::Action("cancel"),
            method: Method::POST,
            permission: Permission::Verb("cancel/action"),
            handler: cancel,
        },
        Route {
            on: On::Action("validate"),
            method: Method::POST,
            permission: Permission::Verb("validate/action"),
            handler: validate,
        },
        Route {
            on: On::Action("whatIf"),
            method: Method::POST,
            permission: Permission::Verb("whatIf/action"),
            handler: what_if::start,
        },
        Route {
            on: On::Action("exportTemplate"),
            method: Method::POST,
            permission: Permission::Verb("exportTemplate/action"),
            handler: export_template,
        },
    ],
};

const PAGE_SIZE: usize = 100;

/// Lists deployments, newest first. The only filter is `$filter=provisioningState eq 'Failed'`.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let mut found = store::list(context);
    if let Some(filter) = context.request.option("$filter") {
        let words: Vec<&str> = filter.split_whitespace().collect();
        let ["provisioningState", "eq", state] = words.as_slice() else {
            return Err(ArmError::invalid_filter(&filter));
        };
        let state = state.trim_matches('\'');
        found.retain(|document| document["properties"]["provisioningState"] == state);
    }
    found.sort_by_key(|document| std::cmp::Reverse(document["properties"]["timestamp"].to_string()));
    page::of(context, &found, PAGE_SIZE)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let found = context.world.documents.get(&context.target.id);
    found.map(Response::ok).ok_or_else(|| not_found(context.target))
}

fn exists(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let found = context.world.documents.contains(&context.target.id);
    Ok(Response::empty(if found { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    names::check(target.name())?;
    let request = request::read(context)?;
    check_not_active(context)?;
    check_quota(context)?;
    let expanded = request::expand(context.world, &target.scope, target.name(), &request)?;
    preflight::check(context.arm, context.world, context.caller, target.name(), &expanded.resources)?;

    let existed = context.world.documents.contains(&target.id);
    let document = start::start(context, &request, &expanded);
    let deployment = context.world.settings.deployments.get(&target.id.to_lowercase());
    let status_id = deployment.map(|deployment| deployment.status_id.clone()).unwrap_or_default();
    let status = format!(
        "{}{}/operationStatuses/{status_id}?api-version={}&t={}",
        context.arm.endpoint,
        resource_path::encode(document["id"].as_str().unwrap_or_default()),
        context.api_version,
        context.world.now().unix_timestamp_nanos() / 100
    );
    let retry_after = context.world.settings.behaviors.deployment_retry_after_seconds.to_string();
    let response = Response::json(if existed { StatusCode::OK } else { StatusCode::CREATED }, &document);
    Ok(response.with_header("azure-asyncoperation", &status).with_header("retry-after", &retry_after))
}

/// Returns 409 while a deployment of the same name is active.
fn check_not_active(context: &Context<'_>) -> Result<(), ArmError> {
    let settings = &context.world.settings;
    let Some(deployment) = settings.deployments.get(&context.target.id.to_lowercase()) else { return Ok(()) };
    let started = clock::parse(&deployment.started_at).unwrap_or_else(|| context.world.now());
    let message = format!(
        "The deployment with resource id '{}' cannot be saved, because this would overwrite an existing deployment \
         which is still active. Please see https://aka.ms/arm-deploy for usage details. The previous deployment was \
         started at '{}' and will expire at '{}'.",
        context.target.id,
        deployment.started_at,
        clock::iso(started + time::Duration::days(7))
    );
    Err(ArmError::new(StatusCode::CONFLICT, &settings.behaviors.deployment_active_code, message))
}

/// Returns 409 if the deployment history of the resource group is full.
fn check_quota(context: &Context<'_>) -> Result<(), ArmError> {
    let target = context.target;
    let quota = context.world.settings.behaviors.deployment_quota;
    let count = context.world.documents.children(target.parent()).count();
    if count < quota || context.world.documents.contains(&target.id) {
        return Ok(());
    }
    let message = format!(
        "Creating the deployment '{}' would exceed the quota of '{quota}'. The current deployment count is \
         '{count}'. Please delete some deployments before creating a new one, or see https://aka.ms/800LimitFix for \
         information on managing deployment limits.",
        target.name()
    );
    Err(ArmError::new(StatusCode::CONFLICT, "DeploymentQuotaExceeded", message))
}

/// Cancels the deployment. The resources that it has written remain.
fn cancel(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let id = context.target.parent();
    let Some(document) = context.world.documents.get(id) else { return Err(not_found(context.target)) };
    let state = document["properties"]["provisioningState"].as_str().unwrap_or_default();
    if ProvisioningState::is_final(state) {
        let message = format!(
            "The deployment '{}' cannot be cancelled because its provisioning state is '{state}'. Only deployments \
             that are accepted or running can be cancelled.",
            context.target.name()
        );
        return Err(ArmError::new(StatusCode::CONFLICT, "DeploymentCannotBeCancelled", message));
    }
    let id = document["id"].as_str().unwrap_or(id).to_owned();
    progress::cancel(context.world, &id);
    Ok(Response::empty(StatusCode::NO_CONTENT))
}

fn validate(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    names::check(target.name())?;
    let request = request::read(context)?;
    let expanded = request::expand(context.world, &target.scope, target.name(), &request)?;
    preflight::check(context.arm, context.world, context.caller, target.name(), &expanded.resources)?;
    Ok(start::validated(context, &request, &expanded))
}

/// The template as it was deployed.
fn export_template(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let id = context.target.parent();
    if !context.world.documents.contains(id) {
        return Err(not_found(context.target));
    }
    let template = context.world.documents.get(&start::template_id(id)).cloned().unwrap_or_else(|| json!({}));
    Ok(Response::ok(&json!({"template": template})))
}

/// Deletes the deployment and its operations from the history, but no resources. The deletion takes no time; the URL in
/// `Location` reports that it is complete.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let target = context.target;
    if !context.world.documents.contains(&target.id) {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    }
    if context.world.settings.deployments.contains_key(&target.id.to_lowercase()) {
        let message = format!("The deployment '{}' is running and cannot be deleted.", target.name());
        let code = &context.world.settings.behaviors.deployment_active_code;
        return Err(ArmError::new(StatusCode::CONFLICT, code, message));
    }
    context.world.documents.remove_tree(&target.id);
    Ok(results::accepted(context, None))
}

fn not_found(target: &ResourcePath) -> ArmError {
    let message = format!("Deployment '{}' could not be found.", target.name());
    ArmError::new(StatusCode::NOT_FOUND, "DeploymentNotFound", message)
}

/// The deployment above the target's path.
pub(super) fn parent_deployment(context: &Context<'_>) -> Result<Value, ArmError> {
    let target = context.target;
    let name = target.names.first().map(String::as_str).unwrap_or_default();
    let id = format!("{}/providers/{NAMESPACE}/deployments/{name}", target.scope);
    context.world.documents.get(&id).cloned().ok_or_else(|| {
        let message = format!("Deployment '{name}' could not be found.");
        ArmError::new(StatusCode::NOT_FOUND, "DeploymentNotFound", message).with_member("target", json!(id))
    })
}
