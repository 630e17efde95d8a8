//! Delete: offboards the workspace, and verifies it.

use std::time::Duration;

use crate::azure::{Backoff, Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Context, Failed, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};
use crate::workspace_onboarding::state;

use super::attributes::{DELETION_PROTECTION, WORKSPACE_ID};
use super::diagnostics;
use super::identity::onboarding;

const INITIAL_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline(ctx);
    let failed = |error: &Error| {
        let diagnostic = azure_diagnostics::from_error(error, "removing Microsoft Sentinel from the workspace");
        Failed::nothing_changed(diagnostic.at(WORKSPACE_ID.path()))
    };
    let _lock = session.lock(&state::id(&workspace), &deadline).await.map_err(|error| failed(&error))?;
    let object = onboarding(&workspace);
    if session.ownership().is_adopted_by_another(&object, state) {
        tracing::info!(workspace = %workspace, "another resource has adopted the onboarding, so it stays");
        return Ok(());
    }
    // The plan does not check this for `-replace` and for a tainted resource.
    if state.get(&DELETION_PROTECTION).map_err(Failed::nothing_changed)? {
        return Err(Failed::nothing_changed(diagnostics::protected(&workspace)));
    }
    session.invalidate(workspace.resource_id());
    let result = offboard(session, &workspace, &deadline).await;
    session.invalidate(workspace.resource_id());
    result.map_err(|error| failed(&error))?;
    session.ownership().record_delete(&object);
    Ok(())
}

/// Deletes the onboarding state until a read confirms that it no longer exists. A single "not found" may be wrong.
async fn offboard(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<(), Error> {
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    loop {
        match state::delete(session, workspace, deadline).await {
            Err(error) if !error.outcome_unknown() => return Err(error),
            Err(error) if deadline.is_over() => return Err(error),
            _ => {}
        }
        if state::get(session, workspace, deadline).await.map_err(Error::after_a_write)?.is_none() {
            return Ok(());
        }
        backoff.wait(deadline).await.map_err(Error::after_a_write)?;
    }
}
