//! What deployments have done by now. Nothing runs in the background: whoever asks the simulator anything first has
//! it do what the clock says is due.

use hyper::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use super::documents::{self, State};
use crate::arm::{Arm, ArmError, expansion};
use crate::clock;
use crate::http::Response;
use crate::pattern::Pattern;
use crate::world::deployments::{DeploymentRule, Run, Step, StepState};
use crate::world::{Claims, World};

/// Brings all deployments to where the clock is.
pub(crate) fn catch_up(arm: Arm<'_>, world: &mut World) {
    let under_way: Vec<String> = world.settings.deployments.keys().cloned().collect();
    for key in under_way {
        let Some(mut run) = world.settings.deployments.remove(&key) else { continue };
        // Without its document it went with its resource group.
        let Some(id) = world.documents.get(&key).and_then(|document| document["id"].as_str()).map(str::to_owned) else {
            continue;
        };
        for at in 0..run.steps.len() {
            advance(arm, world, &id, &mut run, at);
        }
        if run.steps.iter().all(|step| step.state.is_final()) && is_past(world, &run.ends_at) {
            end(world, &id, &run);
            continue;
        }
        let begun = run.steps.iter().any(|step| step.state != StepState::Waiting);
        documents::set_state(world, &id, &run, if begun { State::Running } else { State::Accepted }, None);
        world.settings.deployments.insert(key, run);
    }
}

/// Ends a deployment that somebody has canceled. What is written stays.
pub(super) fn cancel(world: &mut World, id: &str) {
    let Some(mut run) = world.settings.deployments.remove(&id.to_lowercase()) else { return };
    for step in &mut run.steps {
        let was_running = step.state == StepState::Running;
        if !step.state.is_final() {
            step.state = StepState::Canceled;
        }
        if was_running {
            documents::set_operation(world, id, step, None);
        }
    }
    documents::set_state(world, id, &run, State::Canceled, None);
}

fn end(world: &mut World, id: &str, run: &Run) {
    if run.steps.iter().any(|step| step.state == StepState::Failed) {
        let failure = documents::failure(world, id, run);
        documents::set_state(world, id, run, State::Failed, Some(failure));
    } else {
        documents::add_output_operation(world, id);
        documents::set_state(world, id, run, State::Succeeded, None);
    }
}

fn advance(arm: Arm<'_>, world: &mut World, id: &str, run: &mut Run, at: usize) {
    if run.steps[at].state == StepState::Waiting && is_past(world, &run.steps[at].starts_at) {
        begin(world, id, run, at);
    }
    let step = &mut run.steps[at];
    if step.state == StepState::Running && !step.hangs && is_past(world, &step.ends_at) {
        let response = write(arm, world, &run.caller, &run.correlation_id, step);
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status.is_success() {
            step.state = StepState::Succeeded;
        } else {
            step.state = StepState::Failed;
            step.error = Some(body["error"].clone());
        }
        documents::set_operation(world, id, step, Some((&reason(response.status), &body["error"])));
    }
}

/// Starts what waits for nobody any more; what waits for something that has failed will never start.
fn begin(world: &mut World, id: &str, run: &mut Run, at: usize) {
    let depends_on = &run.steps[at].depends_on;
    let awaited = run.steps.iter().filter(|other| depends_on.contains(&other.id));
    let states: Vec<StepState> = awaited.map(|other| other.state).collect();
    if states.iter().any(|state| matches!(state, StepState::Failed | StepState::Skipped)) {
        run.steps[at].state = StepState::Skipped;
        return;
    }
    if states.iter().any(|state| *state != StepState::Succeeded) {
        return;
    }
    run.steps[at].state = StepState::Running;
    if let Some(rule) = due_rule(world, id, &run.steps[at].id) {
        run.steps[at].hangs = rule.hang;
        run.steps[at].refusal = rule.refuse;
        delay(run, at, Duration::milliseconds(i64::from(rule.delay_milliseconds.unwrap_or_default())));
    }
    documents::set_operation(world, id, &run.steps[at], None);
}

/// The first rule that meets the operation; its `times` are one less then.
fn due_rule(world: &mut World, deployment: &str, resource: &str) -> Option<DeploymentRule> {
    let name = deployment.rsplit('/').next().unwrap_or_default();
    let matches = |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
    let rules = &mut world.settings.behaviours.deployment_rules;
    let rule = rules
        .iter_mut()
        .find(|rule| rule.times != Some(0) && matches(&rule.deployment, name) && matches(&rule.resource, resource))?;
    rule.times = rule.times.map(|times| times - 1);
    Some(rule.clone())
}

/// Puts off the end of this step and everything after it.
fn delay(run: &mut Run, at: usize, by: Duration) {
    let later = |time: &mut String| {
        if let Some(moment) = clock::parse(time) {
            *time = clock::iso(moment + by);
        }
    };
    later(&mut run.steps[at].ends_at);
    for step in &mut run.steps[at + 1..] {
        later(&mut step.starts_at);
        later(&mut step.ends_at);
    }
    later(&mut run.ends_at);
}

/// The resource, written as if its own PUT had come.
fn write(arm: Arm<'_>, world: &mut World, caller: &Claims, correlation_id: &str, step: &Step) -> Response {
    if let Some(refusal) = &step.refusal {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        return ArmError::new(status, &refusal.code, refusal.message.clone()).response();
    }
    let request = expansion::put_request(&step.id, &step.api_version, &step.body, correlation_id);
    let response = arm.dispatch(&request, world, caller).unwrap_or_else(|error| error.response());
    if response.status.is_success() || !response.body.is_empty() {
        return response;
    }
    Response::json(response.status, &json!({"error": {"code": reason(response.status), "message": ""}}))
}

/// `BadRequest`: how operations show a status.
fn reason(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Unknown").replace(' ', "")
}

fn is_past(world: &World, moment: &str) -> bool {
    clock::parse(moment).is_none_or(|moment| moment <= world.now())
}
