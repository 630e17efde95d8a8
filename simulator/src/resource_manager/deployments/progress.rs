//! Runs deployments. Nothing runs in the background: before each request, deployments catch up with the clock.

use hyper::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use super::documents::{self, ProvisioningState};
use crate::arm::{Arm, ArmError, expansion};
use crate::clock;
use crate::http::Response;
use crate::pattern::Pattern;
use crate::world::behaviors::DeploymentRule;
use crate::world::deployments::{DeploymentOperation, OperationState, RunningDeployment};
use crate::world::{Claims, World};

/// Runs the operations of all deployments that are due.
pub(crate) fn advance_to_now(arm: Arm<'_>, world: &mut World) {
    let active: Vec<String> = world.settings.deployments.keys().cloned().collect();
    for key in active {
        let Some(mut deployment) = world.settings.deployments.remove(&key) else { continue };
        // A deployment without its document was deleted with its resource group.
        let Some(id) = world.documents.get(&key).and_then(|document| document["id"].as_str()).map(str::to_owned) else {
            continue;
        };
        for at in 0..deployment.operations.len() {
            advance(arm, world, &id, &mut deployment, at);
        }
        if deployment.operations.iter().all(|operation| operation.state.is_final())
            && is_past(world, &deployment.ends_at)
        {
            end(world, &id, &deployment);
            continue;
        }
        let started = deployment.operations.iter().any(|operation| operation.state != OperationState::Waiting);
        documents::set_state(
            world,
            &id,
            &deployment,
            if started { ProvisioningState::Running } else { ProvisioningState::Accepted },
            None,
        );
        world.settings.deployments.insert(key, deployment);
    }
}

/// Cancels a deployment. The resources that it has written remain.
pub(super) fn cancel(world: &mut World, id: &str) {
    let Some(mut deployment) = world.settings.deployments.remove(&id.to_lowercase()) else { return };
    for operation in &mut deployment.operations {
        let was_running = operation.state == OperationState::Running;
        if !operation.state.is_final() {
            operation.state = OperationState::Canceled;
        }
        if was_running {
            documents::set_operation(world, id, operation, None);
        }
    }
    documents::set_state(world, id, &deployment, ProvisioningState::Canceled, None);
}

fn end(world: &mut World, id: &str, deployment: &RunningDeployment) {
    if deployment.operations.iter().any(|operation| operation.state == OperationState::Failed) {
        let failure = documents::failure(world, id, deployment);
        documents::set_state(world, id, deployment, ProvisioningState::Failed, Some(failure));
    } else {
        documents::add_output_operation(world, id);
        documents::set_state(world, id, deployment, ProvisioningState::Succeeded, None);
    }
}

fn advance(arm: Arm<'_>, world: &mut World, id: &str, deployment: &mut RunningDeployment, at: usize) {
    if deployment.operations[at].state == OperationState::Waiting
        && is_past(world, &deployment.operations[at].starts_at)
    {
        start(world, id, deployment, at);
    }
    let operation = &mut deployment.operations[at];
    if operation.state == OperationState::Running && !operation.hangs && is_past(world, &operation.ends_at) {
        let response = write(arm, world, &deployment.caller, &deployment.correlation_id, operation);
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status.is_success() {
            operation.state = OperationState::Succeeded;
        } else {
            operation.state = OperationState::Failed;
            operation.error = Some(body["error"].clone());
        }
        documents::set_operation(world, id, operation, Some((&reason(response.status), &body["error"])));
    }
}

/// Starts an operation when all operations that it depends on have succeeded, and skips it when one has failed.
fn start(world: &mut World, id: &str, deployment: &mut RunningDeployment, at: usize) {
    let depends_on = &deployment.operations[at].depends_on;
    let awaited = deployment.operations.iter().filter(|other| depends_on.contains(&other.id));
    let states: Vec<OperationState> = awaited.map(|other| other.state).collect();
    if states.iter().any(|state| matches!(state, OperationState::Failed | OperationState::Skipped)) {
        deployment.operations[at].state = OperationState::Skipped;
        return;
    }
    if states.iter().any(|state| *state != OperationState::Succeeded) {
        return;
    }
    deployment.operations[at].state = OperationState::Running;
    if let Some(rule) = due_rule(world, id, &deployment.operations[at].id) {
        deployment.operations[at].hangs = rule.hang;
        deployment.operations[at].injected_error = rule.refuse;
        delay(deployment, at, Duration::milliseconds(i64::from(rule.delay_milliseconds.unwrap_or_default())));
    }
    documents::set_operation(world, id, &deployment.operations[at], None);
}

/// Returns the first rule that matches the operation, and decrements its `times`.
fn due_rule(world: &mut World, deployment: &str, resource: &str) -> Option<DeploymentRule> {
    let name = deployment.rsplit('/').next().unwrap_or_default();
    let matches = |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
    let rules = &mut world.settings.behaviors.deployment_rules;
    let rule = rules
        .iter_mut()
        .find(|rule| rule.times != Some(0) && matches(&rule.deployment, name) && matches(&rule.resource, resource))?;
    rule.times = rule.times.map(|times| times - 1);
    Some(rule.clone())
}

/// Delays the end of this operation and all later ones.
fn delay(deployment: &mut RunningDeployment, at: usize, by: Duration) {
    let later = |time: &mut String| {
        if let Some(moment) = clock::parse(time) {
            *time = clock::iso(moment + by);
        }
    };
    later(&mut deployment.operations[at].ends_at);
    for operation in &mut deployment.operations[at + 1..] {
        later(&mut operation.starts_at);
        later(&mut operation.ends_at);
    }
    later(&mut deployment.ends_at);
}

/// Writes the resource like a PUT by the caller.
fn write(
    arm: Arm<'_>,
    world: &mut World,
    caller: &Claims,
    correlation_id: &str,
    operation: &DeploymentOperation,
) -> Response {
    if let Some(error) = &operation.injected_error {
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        return ArmError::new(status, &error.code, error.message.clone()).response();
    }
    let request = expansion::put_request(&operation.id, &operation.api_version, &operation.body, correlation_id);
    let response = arm.dispatch(&request, world, caller).unwrap_or_else(|error| error.response());
    if response.status.is_success() || !response.body.is_empty() {
        return response;
    }
    Response::json(response.status, &json!({"error": {"code": reason(response.status), "message": ""}}))
}

/// The name of an HTTP status in operations, such as `BadRequest`.
fn reason(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Unknown").replace(' ', "")
}

fn is_past(world: &World, moment: &str) -> bool {
    clock::parse(moment).is_none_or(|moment| moment <= world.now())
}
