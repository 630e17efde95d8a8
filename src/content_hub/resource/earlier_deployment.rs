//! The deployments of an earlier, interrupted run. A running deployment restores deleted content and conflicts with a
//! new deployment.

use crate::azure::PollResult;
use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::content_hub::installation::deployments::{deployment_id, has_latest_failed, running_deployments};
use crate::content_hub::installation::detection::detect_defects_for_adoption;
use crate::content_hub::installation::{Defect, Observation};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::{cancel_and_wait, progress};
use crate::framework::{Diagnostics, State};
use crate::sentinel::is_gone;

use super::attributes::{CONTENT_ID, DEPLOYMENT_NAME};
use super::identity::content_id;
use super::install_diagnostics;
use super::record::record_in;

/// Cancels the deployment in the state, unless it has finished, and all other running deployments of the solution. A
/// killed run does not save its deployment in the state.
pub(super) async fn cancel_all(hub: &ContentHub<'_>, state: &State, title: &str) -> Result<(), Diagnostics> {
    if let Some(name) = state.get(&DEPLOYMENT_NAME)?
        && record_in(state).is_some_and(|record| record.is_unfinished)
    {
        cancel_one(hub, &deployment_id(hub.workspace, &name), title).await?;
    }
    cancel_running(hub, &content_id(state)?, title).await.map(drop)
}

/// Cancels all running deployments of a solution. Returns whether there were any.
pub(super) async fn cancel_running(hub: &ContentHub<'_>, content_id: &str, title: &str) -> Result<bool, Diagnostics> {
    let running = match running_deployments(hub, content_id).await {
        Ok(running) => running,
        Err(error) if is_gone(&error) => return Ok(false),
        // The operation continues without the permission to list deployments, or in a cloud that cannot filter them.
        Err(error) if error.service().is_some_and(|error| matches!(error.status, 400 | 403)) => {
            tracing::warn!(%error, "cannot list the running deployments of the solution");
            return Ok(false);
        }
        Err(error) => {
            let diagnostic = azure_diagnostics::from_error(&error, "listing the running deployments of the solution");
            return Err(diagnostic.at(CONTENT_ID.path()).into());
        }
    };
    for deployment in &running {
        cancel_one(hub, deployment, title).await?;
    }
    Ok(!running.is_empty())
}

async fn cancel_one(hub: &ContentHub<'_>, deployment: &ResourceId, title: &str) -> Result<(), Diagnostics> {
    cancel_and_wait(hub.session.arm(), deployment, hub.deadline).await.map_err(|still_running| {
        install_diagnostics::still_running(&still_running, deployment, title, hub.session).into()
    })
}

/// Returns the defects of a solution before its adoption. A failed or interrupted adoption leaves nothing in the state,
/// but its deployment is in the deployment history. If the history cannot be read, only missing content counts.
pub(super) async fn defects_before_adoption(
    hub: &ContentHub<'_>,
    observation: &Observation,
    content_id: &str,
) -> Vec<Defect> {
    let mut defects = detect_defects_for_adoption(observation, content_id);
    match has_latest_failed(hub, content_id).await {
        Ok(false) => {}
        Ok(true) => defects.push(Defect::Unfinished),
        Err(error) => tracing::warn!(%error, "cannot list the failed deployments of the solution"),
    }
    defects
}

/// Whether the deployment in the state has succeeded, even if only after the end of the run that started it. Returns
/// `false` if the deployment cannot be read.
pub(super) async fn has_succeeded(hub: &ContentHub<'_>, state: &State) -> bool {
    let Some(name) = state.get(&DEPLOYMENT_NAME).ok().flatten() else { return false };
    let progress = progress(hub.session.arm(), &deployment_id(hub.workspace, &name), hub.deadline).await;
    matches!(progress, Ok(Some(PollResult::Succeeded(_))))
}
