//! Read: reads the onboarding state. If it does not exist, another API must confirm that before the resource is removed
//! from the state.

use std::time::Duration;

use tokio::time::Instant;

use crate::azure::{Backoff, Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::{Consequence, WorkspaceId, warn_that_sentinel_is_gone};
use crate::session::{self, Session};
use crate::workspace_onboarding::state::{self, Onboarded};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::flatten::flatten;
use super::identity::onboarding;

/// How long to retry if the onboarding state does not exist but another API accepts the workspace.
const RETRY_PERIOD: Duration = Duration::from_secs(60);
const INITIAL_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let deadline = session::deadline(ctx);
    match observe(session, &workspace, &deadline).await {
        Ok(Observed::Present(onboarded)) => {
            flatten(&mut state, &workspace, onboarded);
            session.ownership().record_found(&onboarding(&workspace), &mut state);
            Ok(Read::Found(state))
        }
        Ok(Observed::Absent) => {
            session.ownership().record_missing(&onboarding(&workspace), &state);
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
            Ok(Read::Gone)
        }
        Ok(Observed::Contradiction) => Err(diagnostics::contradiction(&workspace).into()),
        Err(error) => {
            Err(azure_diagnostics::from_error(&error, "reading the onboarding state").at(WORKSPACE_ID.path()).into())
        }
    }
}

/// The result of reading an onboarding that is in the state.
enum Observed {
    Present(Onboarded),
    Absent,
    /// The onboarding state is absent, but another API accepts the workspace.
    Contradiction,
}

async fn observe(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<Observed, Error> {
    let started = Instant::now();
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    loop {
        if let Some(onboarded) = state::get(session, workspace, deadline).await? {
            return Ok(Observed::Present(onboarded));
        }
        if !state::is_effective(session, workspace, deadline).await? {
            return Ok(Observed::Absent);
        }
        if started.elapsed() >= RETRY_PERIOD {
            return Ok(Observed::Contradiction);
        }
        tracing::info!(workspace = %workspace, "onboarding state not found, but Microsoft Sentinel responds; retrying");
        backoff.wait(deadline).await?;
    }
}
