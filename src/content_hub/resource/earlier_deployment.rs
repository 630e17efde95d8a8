//! The deployment of an earlier run that was broken off: Azure may still be at it, and would put back what is taken away,
//! or write beside what is installed now.

use crate::azure::Poll;
use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::content_hub::installation::Record;
use crate::content_hub::installation::install::{deployment_id, running_deployments};
use crate::content_hub::installation::record::KEY;
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::deployment::{cancel_and_wait, outcome};
use crate::framework::{Diagnostics, State};
use crate::sentinel::is_gone;

use super::attributes::{CONTENT_ID, DEPLOYMENT_NAME};
use super::deployment_diagnostic;
use super::identity::content_id;

/// Brings it to its end before anything else is done: the one that the state names, unless this resource has seen it end,
/// and any other, since a run that was killed has left nothing in the state.
pub(super) async fn end(hub: &ContentHub<'_>, state: &State, title: &str) -> Result<(), Diagnostics> {
    let record = state.private().get(KEY).and_then(Record::from_json);
    if let Some(name) = state.get(&DEPLOYMENT_NAME)?
        && record.is_none_or(|record| record.is_unfinished)
    {
        end_one(hub, &deployment_id(hub.workspace, &name), title).await?;
    }
    end_any(hub, &content_id(state)?, title).await.map(drop)
}

/// The same where no state tells of one: what is to be taken over may have been begun by a run that never came to its end,
/// or by the resource that this one replaces. Whether there was one.
pub(super) async fn end_any(hub: &ContentHub<'_>, content_id: &str, title: &str) -> Result<bool, Diagnostics> {
    let found = match running_deployments(hub, content_id).await {
        Ok(found) => found,
        Err(error) if is_gone(&error) => return Ok(false),
        // Who may not list deployments may still take over, or take away, what needs none; nor does a cloud that does not
        // filter them stand in the way.
        Err(error) if error.service().is_some_and(|error| matches!(error.status, 400 | 403)) => {
            tracing::warn!(%error, "whether a deployment of the solution is running cannot be told");
            return Ok(false);
        }
        Err(error) => {
            let told = azure_diagnostics::from_error(&error, "looking for running deployments of the solution");
            return Err(told.at(CONTENT_ID.path()).into());
        }
    };
    for deployment in &found {
        end_one(hub, deployment, title).await?;
    }
    Ok(!found.is_empty())
}

async fn end_one(hub: &ContentHub<'_>, deployment: &ResourceId, title: &str) -> Result<(), Diagnostics> {
    cancel_and_wait(hub.session.arm(), deployment, hub.deadline).await.map_err(|still_running| {
        deployment_diagnostic::still_running(&still_running, deployment, title, hub.session).into()
    })
}

/// Whether the deployment in the state has come to its good end: Azure goes on after a timeout. An error says nothing.
pub(super) async fn has_succeeded(hub: &ContentHub<'_>, state: &State) -> bool {
    let Some(name) = state.get(&DEPLOYMENT_NAME).ok().flatten() else { return false };
    let outcome = outcome(hub.session.arm(), &deployment_id(hub.workspace, &name), hub.deadline).await;
    matches!(outcome, Ok(Some(Poll::Succeeded(_))))
}
