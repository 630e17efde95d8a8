//! Repeats calls that Azure rejects because the workspace is not onboarded, although its onboarding state says it is.

use std::time::Duration;

use tokio::time::Instant;

use super::gone::{Absence, absence, is_gone};
use super::{OnboardingState, WorkspaceId, is_not_onboarded};
use crate::azure::{Backoff, Deadline, Error};
use crate::session::Session;

/// An onboarding takes minutes to reach all APIs.
const INITIAL_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// How long a call about an existing object is repeated. A wrong answer mostly disappears at once.
const RETRY_PERIOD: Duration = Duration::from_secs(60);

/// Why a call failed.
#[derive(Debug)]
pub enum NotReady {
    /// Sentinel is not on the workspace, or the workspace does not exist. The onboarding state agrees.
    NotOnboarded,
    /// A request failed.
    Azure(Error),
}

/// Calls Azure to create something. Repeats the call until the deadline as long as Azure refuses it because the
/// workspace is not onboarded although it is.
///
/// # Errors
/// [`NotReady`]. A timeout names the last refusal.
pub async fn when_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    Ok(repeat(session, workspace, deadline, is_not_onboarded, None, call).await?)
}

/// The same, but if the onboarding state agrees, the error is Azure's refusal. For calls in the middle of a creation.
///
/// # Errors
/// A request failed, or Azure refuses it and the onboarding state agrees. A timeout names the last refusal.
pub async fn while_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, Error> {
    repeat(session, workspace, deadline, is_not_onboarded, None, call).await.map_err(|refused| refused.error)
}

/// Calls Azure about something that exists as far as the state knows. An answer that the workspace or its Sentinel is
/// gone counts only if the onboarding state agrees. Otherwise, the call is repeated for at most a minute.
///
/// # Errors
/// [`NotReady::NotOnboarded`] if the object is gone with its workspace or its Sentinel, and [`NotReady::Azure`] if a
/// request failed or the answers still contradict each other.
pub async fn unless_gone<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    Ok(repeat(session, workspace, deadline, is_gone, Some(RETRY_PERIOD), call).await?)
}

/// The same, but if the onboarding state agrees, the error is Azure's refusal. For reading back what was written.
///
/// # Errors
/// A request failed, or Azure still answers that it is gone.
pub async fn confirming_absence<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, Error> {
    repeat(session, workspace, deadline, is_gone, Some(RETRY_PERIOD), call).await.map_err(|refused| refused.error)
}

/// Why a call was not repeated again.
struct Refused {
    error: Error,
    /// The onboarding state agrees.
    is_confirmed: bool,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, is_confirmed: false }
    }
}

impl From<Refused> for NotReady {
    fn from(refused: Refused) -> Self {
        if refused.is_confirmed { Self::NotOnboarded } else { Self::Azure(refused.error) }
    }
}

async fn repeat<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    is_refusal: fn(&Error) -> bool,
    patience: Option<Duration>,
    call: impl Fn() -> F,
) -> Result<T, Refused> {
    let started = Instant::now();
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    loop {
        let refusal = match call().await {
            Ok(response) => return Ok(response),
            Err(error) if is_refusal(&error) => error,
            Err(error) => return Err(error.into()),
        };
        let state = session.look_up_now(&OnboardingState::of(workspace), deadline).await.flatten()?;
        match absence(state, patience.is_none_or(|patience| started.elapsed() < patience)) {
            Absence::Gone => return Err(Refused { error: refusal, is_confirmed: true }),
            Absence::CheckAgain => {}
            Absence::Error => return Err(refusal.into()),
        }
        tracing::info!(workspace = %workspace, %refusal, "workspace is onboarded, but Azure reports that it is not; retrying");
        let waited = backoff.wait(deadline).await;
        waited.map_err(|error| error.blamed_on(Some(&refusal)))?;
    }
}

#[cfg(test)]
mod tests {
    use azure_simulator::Effect;

    use super::*;
    use crate::azure::Request;
    use crate::azure::testing::deadline;
    use crate::testing::{Azure, no_workspace_metadata, not_onboarded};

    const API_VERSION: &str = "2025-10-01-preview";

    async fn list_connectors(azure: &Azure) -> Result<(), NotReady> {
        let (session, workspace, deadline) = (azure.session(), azure.workspace(), Deadline::lasting(RETRY_PERIOD * 3));
        let request = Request::get(workspace.sentinel("dataConnectors"), API_VERSION);
        let call = || async { session.arm().list(&request, &deadline).await.map(drop) };
        unless_gone(&session, &workspace, &deadline, call).await
    }

    fn refusals() -> [Effect; 3] {
        [not_onboarded(), no_workspace_metadata(), Effect::new().error(404, "ResourceNotFound", "It is gone.")]
    }

    #[tokio::test(start_paused = true)]
    async fn repeats_a_read_after_one_response_without_the_workspace() {
        for refusal in refusals() {
            let azure = Azure::start().await;
            azure.fault_once("GET", "/dataConnectors", refusal);

            list_connectors(&azure).await.expect("the second answer");

            assert_eq!(azure.methods("/dataConnectors"), "GET GET");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn reports_responses_that_keep_contradicting_each_other() {
        for refusal in refusals() {
            let azure = Azure::start().await;
            azure.fault("GET", "/dataConnectors", refusal);

            let error = list_connectors(&azure).await.expect_err("a contradiction");

            assert!(matches!(error, NotReady::Azure(Error::Service(_))), "{error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn workspace_is_gone_if_the_onboarding_state_confirms_it() {
        for refusal in refusals() {
            let azure = Azure::start().await;
            azure.fault("GET", "^/subscriptions/", refusal);

            let error = list_connectors(&azure).await.expect_err("gone");

            assert!(matches!(error, NotReady::NotOnboarded), "{error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn create_waits_after_both_responses_of_a_workspace_without_sentinel() {
        for refusal in [not_onboarded(), no_workspace_metadata()] {
            let azure = Azure::start().await;
            azure.fault_once("GET", "/dataConnectors", refusal);
            let (session, workspace, deadline) = (azure.session(), azure.workspace(), deadline());
            let request = Request::get(workspace.sentinel("dataConnectors"), API_VERSION);

            let listed =
                when_onboarded(&session, &workspace, &deadline, || session.arm().list(&request, &deadline)).await;

            listed.expect("the second answer");
        }
    }
}
