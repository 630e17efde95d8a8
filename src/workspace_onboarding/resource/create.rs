//! Create: onboards the workspace or adopts an existing onboarding, and waits until the onboarding takes effect.

use std::time::Duration;

use crate::azure::{Backoff, Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Context, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};
use crate::workspace_onboarding::state::{self, Onboarded};
use crate::workspace_onboarding::workspace_problem;

use super::attributes::{ADOPT_EXISTING, CUSTOMER_MANAGED_KEY_ENABLED, WORKSPACE_ID};
use super::diagnostics;
use super::flatten::flatten;
use super::identity::onboarding;

/// The pauses between reads. An onboarding takes minutes to reach all APIs.
const INITIAL_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline_of_create(ctx);
    let _lock = session
        .lock(&state::id(&workspace), &deadline)
        .await
        .map_err(|error| failed(&error, "waiting for another change of the onboarding"))?;
    let claim = session.ownership().claim(&onboarding(&workspace), &mut planned).map_err(Failed::nothing_changed)?;
    let result = onboard_or_adopt(ctx, session, &workspace, &deadline, &claim, planned).await;
    claim.finish(&result);
    result
}

async fn onboard_or_adopt(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    claim: &Claim<'_>,
    mut planned: State,
) -> Result<State, Failed> {
    let customer_managed_key = planned.get(&CUSTOMER_MANAGED_KEY_ENABLED).map_err(Failed::nothing_changed)?;
    let adopt = planned.get(&ADOPT_EXISTING).map_err(Failed::nothing_changed)?;
    let existing = state::get(session, workspace, deadline)
        .await
        .map_err(|error| failed(&error, "reading the onboarding state"))?;
    if let Some(existing) = existing {
        let found = diagnostics::found(workspace);
        if !adopt {
            return Err(Failed::nothing_changed(onboarding(workspace).exists(&found)));
        }
        if existing.customer_managed_key != customer_managed_key {
            return Err(Failed::nothing_changed(diagnostics::other_key(workspace, existing)));
        }
        claim.adopts(ctx, &found, diagnostics::ADOPTION);
        flatten(&mut planned, workspace, existing);
        return Ok(planned);
    }
    let onboarded = Onboarded { customer_managed_key };
    flatten(&mut planned, workspace, onboarded);
    session.invalidate(workspace.resource_id());
    if let Err(error) = state::put(session, workspace, onboarded, deadline).await {
        if !error.outcome_unknown() {
            // This deadline does not wait for a missing role, because the read only improves the error message.
            let workspace_problem = workspace_problem::find(session, workspace, &session::deadline(ctx)).await;
            return Err(Failed::nothing_changed(diagnostics::rejected(workspace, workspace_problem, &error)));
        }
        if !matches!(state::get(session, workspace, deadline).await, Ok(Some(_))) {
            return Err(Failed::partial(planned, diagnostics::rejected(workspace, None, &error)));
        }
    }
    ctx.checkpoint(&planned);
    let ready = wait_until_ready(session, workspace, deadline).await;
    session.invalidate(workspace.resource_id());
    match ready {
        Ok(()) => Ok(planned),
        Err(error) => Err(Failed::partial(planned, diagnostics::not_ready(workspace, &error.after_a_write()))),
    }
}

/// Waits until the onboarding state can be read, and another API accepts the workspace.
async fn wait_until_ready(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<(), Error> {
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    loop {
        if state::get(session, workspace, deadline).await?.is_some()
            && state::is_effective(session, workspace, deadline).await?
        {
            return Ok(());
        }
        tracing::info!(workspace = %workspace, "the workspace is onboarded, but Sentinel does not know it yet: waiting");
        backoff.wait(deadline).await?;
    }
}

fn failed(error: &Error, activity: &str) -> Failed {
    Failed::nothing_changed(azure_diagnostics::from_error(error, activity).at(WORKSPACE_ID.path()))
}
