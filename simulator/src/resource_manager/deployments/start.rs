//! Starts the deployment of a checked template.

use serde_json::{Map, Value, json};
use time::Duration;
use uuid::Uuid;

use super::TYPE;
use super::documents::{self, ProvisioningState};
use super::request::DeploymentRequest;
use crate::arm::{Context, store};
use crate::clock;
use crate::http::Response;
use crate::template::Expanded;
use crate::world::deployments::{DeploymentOperation, OperationState, RunningDeployment};

/// Stores the deployment's operations and its document, which it returns.
pub(super) fn start(context: &mut Context<'_>, request: &DeploymentRequest, expanded: &Expanded) -> Value {
    let deployment = plan(context, expanded);
    let id = store::canonical_id(context, TYPE);
    let document = documents::new(&id, context.target.name(), request, expanded, &deployment);
    context.world.documents.remove_tree(&id);
    context.world.documents.put(&id, document);
    context.world.documents.put(&template_id(&id), request.template.clone());
    documents::set_state(context.world, &id, &deployment, ProvisioningState::Accepted, None);
    context.world.settings.deployments.insert(id.to_lowercase(), deployment);
    context.world.documents.get(&id).cloned().unwrap_or_default()
}

/// The ID under which the template of a deployment is stored, for `exportTemplate`.
pub(super) fn template_id(deployment: &str) -> String {
    format!("{deployment}/exportTemplate")
}

/// Plans one operation for each resource, one after the other. The time of the deployment is divided equally between
/// its acceptance and its operations.
fn plan(context: &Context<'_>, expanded: &Expanded) -> RunningDeployment {
    let settings = &context.world.settings;
    let now = context.world.now();
    let whole = i64::from(settings.behaviors.deployment_milliseconds);
    let parts = i64::try_from(expanded.resources.len()).unwrap_or(i64::MAX - 1) + 1;
    let at = |part: i64| clock::iso(now + Duration::milliseconds(whole * part / parts));
    let operations = expanded.resources.iter().zip(1..).map(|(resource, part)| DeploymentOperation {
        id: resource.id.clone(),
        resource_type: resource.resource_type.clone(),
        name: resource.name.clone(),
        api_version: resource.api_version.clone(),
        depends_on: resource.depends_on.clone(),
        body: resource.body.clone(),
        operation_id: Uuid::new_v4().simple().to_string()[..16].to_uppercase(),
        starts_at: at(part),
        ends_at: at(part + 1),
        state: OperationState::Waiting,
        hangs: false,
        injected_error: None,
        error: None,
    });
    RunningDeployment {
        caller: context.caller.clone(),
        correlation_id: context.request.correlation_id.clone(),
        status_id: format!("08584{:019}", Uuid::new_v4().as_u128() % 10_000_000_000_000_000_000),
        started_at: clock::iso(now),
        ends_at: at(parts),
        operations: operations.collect(),
        outputs: expanded.outputs.clone(),
    }
}

/// The response of `validate` for a valid template.
pub(super) fn validated(context: &Context<'_>, request: &DeploymentRequest, expanded: &Expanded) -> Response {
    let deployment = plan(context, expanded);
    let name = context.target.names.first().map(String::as_str).unwrap_or_default();
    let group = context.world.documents.get(&context.target.scope);
    let group = group.and_then(|group| group["id"].as_str()).unwrap_or(&context.target.scope);
    let id = format!("{group}/providers/{TYPE}/{name}");
    let mut document = documents::new(&id, name, request, expanded, &deployment);
    document["properties"]["provisioningState"] = json!("Succeeded");
    let resources: Vec<Value> = expanded.resources.iter().map(|resource| json!({"id": resource.id})).collect();
    let properties: Option<&mut Map<String, Value>> = document["properties"].as_object_mut();
    if let Some(properties) = properties {
        properties.insert("validatedResources".to_owned(), Value::Array(resources));
    }
    Response::ok(&document)
}
