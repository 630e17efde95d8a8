//! What Azure shows of a deployment: the deployment, its operations, and the status that clients poll.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::TYPE;
use super::request::DeploymentRequest;
use crate::clock;
use crate::template::{self, Expanded};
use crate::world::World;
use crate::world::deployments::{Run, Step, StepState};

/// How far a deployment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Accepted,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl State {
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
pub(super) fn new(id: &str, name: &str, request: &DeploymentRequest, expanded: &Expanded, run: &Run) -> Value {
    let mut document = json!({
        "id": id,
        "name": name,
        "type": TYPE,
        "properties": {
            "templateHash": template::template_hash(&request.template),
            "parameters": expanded.parameters,
            "mode": "Incremental",
            "provisioningState": State::Accepted.name(),
            "timestamp": run.started_at,
            "duration": "PT0S",
            "correlationId": run.correlation_id,
            "providers": providers(&run.steps),
            "dependencies": dependencies(&run.steps),
        },
    });
    if let Some(tags) = &request.tags {
        document["tags"] = tags.clone();
    }
    document
}

/// Brings the deployment and its status to that state.
pub(super) fn set_state(world: &mut World, id: &str, run: &Run, state: State, error: Option<Value>) {
    let Some(mut document) = world.documents.get(id).cloned() else { return };
    let now = world.now();
    let properties = &mut document["properties"];
    properties["provisioningState"] = json!(state.name());
    properties["timestamp"] = json!(clock::iso(now));
    properties["duration"] = json!(duration(&run.started_at, &clock::iso(now)));
    if state == State::Succeeded {
        properties["outputs"] = json!(run.outputs);
        let written: Vec<Value> = run.steps.iter().map(|step| json!({"id": step.id})).collect();
        properties["outputResources"] = json!(written);
    }
    let mut status = json!({"status": state.name()});
    if let Some(error) = error {
        properties["error"] = error.clone();
        status["error"] = error;
    }
    world.documents.put(&format!("{id}/operationStatuses/{}", run.status_id), status);
    world.documents.put(id, document);
}

/// Stores what is shown of one operation. `answer` is what the resource provider has answered by now.
pub(super) fn set_operation(world: &mut World, id: &str, step: &Step, response: Option<(&str, &Value)>) {
    let path = format!("{id}/operations/{}", step.operation_id);
    let before = world.documents.get(&path).map(|before| before["properties"].clone());
    let of_before = |member: &str| before.as_ref().map(|before| before[member].clone());
    let mut properties = json!({
        "provisioningOperation": "Create",
        "provisioningState": format!("{:?}", step.state),
        "timestamp": clock::iso(world.now()),
        "duration": duration(&step.starts_at, &clock::iso(world.now())),
        "trackingId": of_before("trackingId").unwrap_or_else(|| json!(Uuid::new_v4().to_string())),
        "serviceRequestId": of_before("serviceRequestId").unwrap_or_else(|| json!(Uuid::new_v4().to_string())),
    });
    if let Some((code, message)) = response {
        properties["statusCode"] = json!(code);
        if step.state == StepState::Failed {
            properties["statusMessage"] = json!({"status": "Failed", "error": message});
        }
    }
    properties["targetResource"] = json!({
        "id": step.id,
        "resourceType": step.resource_type,
        "resourceName": step.name,
    });
    let document = json!({"id": path, "operationId": step.operation_id, "properties": properties});
    world.documents.put(&path, document);
}

/// The last operation of a deployment that has succeeded.
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

/// The error of a deployment of which operations have failed.
pub(super) fn failure(world: &World, id: &str, run: &Run) -> Value {
    let as_text = world.settings.behaviours.deployment_details_as_text;
    let errors = run.steps.iter().filter(|step| step.state == StepState::Failed).filter_map(|step| step.error.as_ref());
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

/// Each type once, under its namespace.
fn providers(steps: &[Step]) -> Vec<Value> {
    let mut types: BTreeMap<&str, Vec<(&str, Value)>> = BTreeMap::new();
    for step in steps {
        let Some((namespace, name)) = step.resource_type.split_once('/') else { continue };
        let known = types.entry(namespace).or_default();
        if !known.iter().any(|(other, _)| *other == name) {
            known.push((name, json!([step.body.get("location")])));
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

fn dependencies(steps: &[Step]) -> Vec<Value> {
    let shown = |step: &Step| json!({"id": step.id, "resourceType": step.resource_type, "resourceName": step.name});
    let of = |step: &Step| {
        let others = steps.iter().filter(|other| step.depends_on.contains(&other.id));
        others.map(shown).collect::<Vec<_>>()
    };
    let dependent = steps.iter().filter(|step| !step.depends_on.is_empty());
    dependent
        .map(|step| {
            let mut entry = shown(step);
            entry["dependsOn"] = json!(of(step));
            entry
        })
        .collect()
}

/// `PT1.5S`, or `PT0S` for what is not to be had.
fn duration(from: &str, to: &str) -> String {
    let between = clock::parse(from).zip(clock::parse(to)).map(|(from, to)| to - from);
    let seconds = between.map_or(0.0, time::Duration::as_seconds_f64).max(0.0);
    let minutes = (seconds / 60.0).floor();
    if minutes >= 1.0 { format!("PT{minutes}M{:.7}S", seconds - minutes * 60.0) } else { format!("PT{seconds:.7}S") }
}
