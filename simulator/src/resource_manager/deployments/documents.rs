//! The documents of a deployment: the deployment, its operations, and the status that clients poll.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::TYPE;
use super::request::DeploymentRequest;
use crate::clock;
use crate::template::{self, Expanded};
use crate::world::World;
use crate::world::deployments::{DeploymentOperation, OperationState, RunningDeployment};

/// The `provisioningState` of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProvisioningState {
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl ProvisioningState {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }

    pub(super) fn is_final(name: &str) -> bool {
        matches!(name, "Succeeded" | "Failed" | "Canceled")
    }
}

/// The document of a deployment that has just been accepted.
pub(super) fn new(
    id: &str,
    name: &str,
    request: &DeploymentRequest,
    expanded: &Expanded,
    deployment: &RunningDeployment,
) -> Value {
    let mut document = json!({
        "id": id,
        "name": name,
        "type": TYPE,
        "properties": {
            "templateHash": template::template_hash(&request.template),
            "parameters": expanded.parameters,
            "mode": "Incremental",
            "provisioningState": ProvisioningState::Accepted.name(),
            "timestamp": deployment.started_at,
            "duration": "PT0S",
            "correlationId": deployment.correlation_id,
            "providers": providers(&deployment.operations),
            "dependencies": dependencies(&deployment.operations),
        },
    });
    if let Some(tags) = &request.tags {
        document["tags"] = json!(tags);
    }
    document
}

/// Sets the state in the document of the deployment and in its status.
pub(super) fn set_state(
    world: &mut World,
    id: &str,
    deployment: &RunningDeployment,
    state: ProvisioningState,
    error: Option<Value>,
) {
    let Some(mut document) = world.documents.get(id).cloned() else { return };
    let now = world.now();
    let properties = &mut document["properties"];
    properties["provisioningState"] = json!(state.name());
    properties["timestamp"] = json!(clock::iso(now));
    properties["duration"] = json!(duration(&deployment.started_at, &clock::iso(now)));
    if state == ProvisioningState::Succeeded {
        properties["outputs"] = json!(deployment.outputs);
        let written: Vec<Value> = deployment.operations.iter().map(|operation| json!({"id": operation.id})).collect();
        properties["outputResources"] = json!(written);
    }
    let mut status = json!({"status": state.name()});
    if let Some(error) = error {
        properties["error"] = error.clone();
        status["error"] = error;
    }
    world.documents.put(&format!("{id}/operationStatuses/{}", deployment.status_id), status);
    world.documents.put(id, document);
}

/// Stores the document of an operation. `response` has the status and the error of the resource provider's response.
pub(super) fn set_operation(
    world: &mut World,
    id: &str,
    operation: &DeploymentOperation,
    response: Option<(&str, &Value)>,
) {
    let path = format!("{id}/operations/{}", operation.operation_id);
    let before = world.documents.get(&path).map(|before| before["properties"].clone());
    let previous = |member: &str| before.as_ref().map(|before| before[member].clone());
    let mut properties = json!({
        "provisioningOperation": "Create",
        "provisioningState": format!("{:?}", operation.state),
        "timestamp": clock::iso(world.now()),
        "duration": duration(&operation.starts_at, &clock::iso(world.now())),
        "trackingId": previous("trackingId").unwrap_or_else(|| json!(Uuid::new_v4().to_string())),
        "serviceRequestId": previous("serviceRequestId").unwrap_or_else(|| json!(Uuid::new_v4().to_string())),
    });
    if let Some((code, message)) = response {
        properties["statusCode"] = json!(code);
        if operation.state == OperationState::Failed {
            properties["statusMessage"] = json!({"status": "Failed", "error": message});
        }
    }
    properties["targetResource"] = json!({
        "id": operation.id,
        "resourceType": operation.resource_type,
        "resourceName": operation.name,
    });
    let document = json!({"id": path, "operationId": operation.operation_id, "properties": properties});
    world.documents.put(&path, document);
}

/// Stores the last operation of a successful deployment.
pub(super) fn add_output_operation(world: &mut World, id: &str) {
    let operation_id = Uuid::new_v4().simple().to_string()[..20].to_uppercase();
    let path = format!("{id}/operations/{operation_id}");
    let document = json!({"id": path, "operationId": operation_id, "properties": {
        "provisioningOperation": "EvaluateDeploymentOutput",
        "provisioningState": "Succeeded",
        "timestamp": clock::iso(world.now()),
        "duration": "PT0.0000001S",
        "trackingId": Uuid::new_v4().to_string(),
        "statusCode": "OK",
    }});
    world.documents.put(&path, document);
}

/// The error of a deployment with failed operations.
pub(super) fn failure(world: &World, id: &str, deployment: &RunningDeployment) -> Value {
    let as_text = world.settings.behaviors.deployment_details_as_text;
    let errors = deployment
        .operations
        .iter()
        .filter(|operation| operation.state == OperationState::Failed)
        .filter_map(|operation| operation.error.as_ref());
    let details: Vec<Value> = errors
        .map(|error| {
            if as_text {
                let text = serde_json::to_string_pretty(&json!({"error": error})).unwrap_or_default();
                json!({"code": error["code"], "message": text.replace('\n', "\r\n")})
            } else {
                error.clone()
            }
        })
        .collect();
    json!({
        "code": "DeploymentFailed",
        "target": id,
        "message": "At least one resource deployment operation failed. Please list deployment operations for \
                    details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": details,
    })
}

/// The distinct resource types of the operations, grouped by namespace.
fn providers(operations: &[DeploymentOperation]) -> Vec<Value> {
    let mut types: BTreeMap<&str, Vec<(&str, Value)>> = BTreeMap::new();
    for operation in operations {
        let Some((namespace, name)) = operation.resource_type.split_once('/') else { continue };
        let known = types.entry(namespace).or_default();
        if !known.iter().any(|(other, _)| *other == name) {
            known.push((name, json!([operation.body.get("location")])));
        }
    }
    types
        .into_iter()
        .map(|(namespace, types)| {
            let types: Vec<Value> =
                types.iter().map(|(name, locations)| json!({"resourceType": name, "locations": locations})).collect();
            json!({"namespace": namespace, "resourceTypes": types})
        })
        .collect()
}

fn dependencies(operations: &[DeploymentOperation]) -> Vec<Value> {
    let shown = |operation: &DeploymentOperation| json!({"id": operation.id, "resourceType": operation.resource_type, "resourceName": operation.name});
    let dependencies_of = |operation: &DeploymentOperation| {
        let others = operations.iter().filter(|other| operation.depends_on.contains(&other.id));
        others.map(shown).collect::<Vec<_>>()
    };
    let dependent = operations.iter().filter(|operation| !operation.depends_on.is_empty());
    dependent
        .map(|operation| {
            let mut entry = shown(operation);
            entry["dependsOn"] = json!(dependencies_of(operation));
            entry
        })
        .collect()
}

/// The duration between two times, such as `PT1.5S`. `PT0S` if a time is missing.
fn duration(from: &str, to: &str) -> String {
    let between = clock::parse(from).zip(clock::parse(to)).map(|(from, to)| to - from);
    let seconds = between.map_or(0.0, time::Duration::as_seconds_f64).max(0.0);
    let minutes = (seconds / 60.0).floor();
    if minutes >= 1.0 { format!("PT{minutes}M{:.7}S", seconds - minutes * 60.0) } else { format!("PT{seconds:.7}S") }
}
