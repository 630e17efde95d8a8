//! Waiting for a workspace that is onboarded but not yet known to all APIs of Sentinel.

use std::time::Duration;

use super::{Onboarding, OnboardingState, WorkspaceId, is_not_onboarded};
use crate::azure::{Backoff, Deadline, Error};
use crate::session::Session;

/// An onboarding takes minutes to reach all APIs.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Why a call failed.
#[derive(Debug)]
pub enum NotReady {
    /// Sentinel is not on the workspace.
    NotOnboarded,
    /// A request failed.
    Azure(Error),
}

/// Repeats a call as long as Azure refuses it because the workspace is not onboarded although it is.
///
/// # Errors
/// [`NotReady`]. A timeout names the last refusal.
pub async fn when_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    let mut backoff = Backoff::growing(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let refusal = match call().await {
            Ok(response) => return Ok(response),
            Err(error) if is_not_onboarded(&error) => error,
            Err(error) => return Err(NotReady::Azure(error)),
        };
        let state = session.look_up_now(&OnboardingState::of(workspace), deadline).await.map_err(NotReady::Azure)?;
        if state == Onboarding::Absent {
            return Err(NotReady::NotOnboarded);
        }
        tracing::info!(workspace = %workspace, "the workspace is onboarded, but Sentinel does not know it yet: waiting");
        let waited = backoff.wait(deadline).await;
        waited.map_err(|error| NotReady::Azure(error.blamed_on(Some(&refusal))))?;
    }
}
