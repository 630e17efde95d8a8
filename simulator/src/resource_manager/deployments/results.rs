//! Results of operations, which the client polls at the URL in `Location`.

use hyper::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context};
use crate::http::Response;
use crate::resource_manager::{DEPLOYMENT_API_VERSIONS, NAMESPACE};

pub(in crate::resource_manager) const OPERATION_RESULTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "subscriptions/operationresults",
    api_versions: DEPLOYMENT_API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Instance, method: Method::GET, permission: Permission::None, handler: result }],
};

/// The 202 response for a completed operation. The URL in `Location` returns `body`, or an empty response.
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
