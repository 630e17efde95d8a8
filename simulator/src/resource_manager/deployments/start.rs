//! From a checked template to a deployment under way.

use serde_json::{Map, Value, json};
use time::Duration;
use uuid::Uuid;

use super::documents::{self, State};
use super::request::{self, DeploymentRequest};
use super::{TYPE, preflight};
use crate::arm::{ArmError, Operation, perform, store};
use crate::clock;
use crate::http::Response;
use crate::template::Expanded;
use crate::world::deployments::{Run, Step, StepState};

/// Stores the deployment and what is to be done; returns its document.
pub(super) fn start(operation: &mut Operation<'_>, request: &DeploymentRequest, expanded: &Expanded) -> Value {
    let run = plan(operation, expanded);
    let id = store::canonical_id(operation, TYPE);
    let document = documents::new(&id, operation.target.name(), request, expanded, &run);
    operation.world.documents.remove_tree(&id);
    operation.world.documents.put(&id, document);
    documents::set_state(operation.world, &id, &run, State::Accepted, None);
    operation.world.settings.deployments.insert(id.to_lowercase(), run);
    operation.world.documents.get(&id).cloned().unwrap_or_default()
}

/// One resource after the other, each for the same part of the time that a deployment takes. The first part is for
/// accepting it.
fn plan(operation: &Operation<'_>, expanded: &Expanded) -> Run {
    let settings = &operation.world.settings;
    let now = operation.world.now();
    let whole = i64::from(settings.behaviours.deployment_milliseconds);
    let parts = i64::try_from(expanded.resources.len()).unwrap_or(i64::MAX - 1) + 1;
    let at = |part: i64| clock::iso(now + Duration::milliseconds(whole * part / parts));
    let steps = expanded.resources.iter().zip(1..).map(|(resource, part)| Step {
        id: resource.id.clone(),
        resource_type: resource.resource_type.clone(),
        name: resource.name.clone(),
        api_version: resource.api_version.clone(),
        depends_on: resource.depends_on.clone(),
        body: resource.body.clone(),
        operation_id: Uuid::new_v4().simple().to_string()[..16].to_uppercase(),
        starts_at: at(part),
        ends_at: at(part + 1),
        state: StepState::Waiting,
        hangs: false,
        refusal: None,
        error: None,
    });
    Run {
        caller: operation.caller.clone(),
        correlation_id: operation.request.correlation_id.clone(),
        status_id: format!("08584{:019}", Uuid::new_v4().as_u128() % 10_000_000_000_000_000_000),
        started_at: clock::iso(now),
        ends_at: at(parts),
        steps: steps.collect(),
        outputs: expanded.outputs.clone(),
    }
}

/// Deploys the template of a package at once, apart from the package itself: what some say that its registration does.
/// What cannot be written is left out, as nobody is told.
pub(crate) fn bring_content(operation: &mut Operation<'_>, template: &Value) -> Result<(), ArmError> {
    let workspace = operation.world.documents.get(&operation.target.scope).cloned().unwrap_or_default();
    let parameters = Map::from_iter([
        ("workspace".to_owned(), json!({"value": workspace["name"]})),
        ("workspace-location".to_owned(), json!({"value": workspace["location"]})),
    ]);
    let request = DeploymentRequest { template: template.clone(), parameters, tags: None };
    let Some((group, _)) = operation.target.scope.split_once("/providers/") else { return Ok(()) };
    let expanded = request::expand(operation.world, group, "content", &request)?;
    for resource in expanded.resources.iter().filter(|resource| !resource.resource_type.ends_with("/contentPackages")) {
        let request =
            preflight::call(&resource.id, &resource.api_version, &resource.body, &operation.request.correlation_id);
        if let Err(error) = perform(&request, operation.world, operation.caller, operation.endpoint) {
            tracing::debug!(id = resource.id, ?error, "content left out");
        }
    }
    Ok(())
}

/// What `validate` answers about a template that can be deployed.
pub(super) fn validated(operation: &Operation<'_>, request: &DeploymentRequest, expanded: &Expanded) -> Response {
    let run = plan(operation, expanded);
    let name = operation.target.names.first().map(String::as_str).unwrap_or_default();
    let mut document = documents::new(operation.target.parent(), name, request, expanded, &run);
    document["properties"]["provisioningState"] = json!("Succeeded");
    let resources: Vec<Value> = expanded.resources.iter().map(|resource| json!({"id": resource.id})).collect();
    let properties: Option<&mut Map<String, Value>> = document["properties"].as_object_mut();
    if let Some(properties) = properties {
        properties.insert("validatedResources".to_owned(), Value::Array(resources));
    }
    Response::ok(&document)
}
