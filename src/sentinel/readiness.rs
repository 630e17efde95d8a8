//! Waiting for a workspace that is onboarded, but whose Sentinel API does not know it yet.

use std::time::Duration;

use super::{Onboarding, OnboardingState, WorkspaceId, is_not_onboarded};
use crate::azure::{Backoff, Deadline, Error};
use crate::session::Session;

/// Onboarding takes minutes to get around.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Why a workspace could not be used.
#[derive(Debug)]
pub enum NotReady {
    /// Sentinel is not on the workspace and nobody is adding it.
    NotOnboarded,
    /// A call failed.
    Azure(Error),
}

/// Makes a call again and again while Azure says that the workspace is not onboarded although it is.
///
/// # Errors
/// [`NotReady`]. Where the time is over first, the error names what Azure said last.
pub async fn when_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    let mut backoff = Backoff::growing(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) if is_not_onboarded(&error) => error,
            Err(error) => return Err(NotReady::Azure(error)),
        };
        let state = session.look_up(&OnboardingState::of(workspace), deadline).await.map_err(NotReady::Azure)?;
        if state == Onboarding::Absent {
            return Err(NotReady::NotOnboarded);
        }
        tracing::info!(workspace = %workspace, "onboarded, but Sentinel does not know it yet: waiting");
        backoff.wait(deadline).await.map_err(|interrupted| {
            NotReady::Azure(match interrupted {
                Error::TimedOut { waited, outcome_unknown, .. } => {
                    Error::TimedOut { last: Some(Box::new(error)), waited, outcome_unknown }
                }
                other => other,
            })
        })?;
    }
}
