//! Retries calls that Azure rejects as if the workspace were not onboarded, although its onboarding state exists.

use std::time::Duration;

use tokio::time::Instant;

use super::gone::{Absence, absence, is_gone};
use super::{OnboardingState, WorkspaceId, is_not_onboarded};
use crate::azure::{Backoff, Deadline, Error};
use crate::session::Session;

/// The pauses between retries. An onboarding takes minutes to reach all APIs.
const INITIAL_PAUSE: Duration = Duration::from_secs(2);
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// How long a call about an existing object is retried. Wrong responses usually do not recur.
const RETRY_PERIOD: Duration = Duration::from_secs(60);

/// The error of a call.
#[derive(Debug)]
pub enum NotReady {
    /// The workspace is not onboarded to Sentinel, or does not exist. The onboarding state confirms it.
    NotOnboarded,
    /// A request failed.
    Azure(Error),
}

/// Makes a call that creates an object. Retries it until the deadline while Azure rejects it because of a missing
/// onboarding, although the onboarding state exists.
///
/// # Errors
/// [`NotReady`]. A timeout contains the last rejection.
pub async fn when_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    Ok(retry(session, workspace, deadline, is_not_onboarded, None, call).await?)
}

/// Like [`when_onboarded`], but returns Azure's error if the onboarding state does not exist. For later calls of a
/// creation.
///
/// # Errors
/// A request failed, or the workspace is not onboarded. A timeout contains the last rejection.
pub async fn while_onboarded<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, Error> {
    retry(session, workspace, deadline, is_not_onboarded, None, call).await.map_err(|rejected| rejected.error)
}

/// Makes a call about an object in the state. If Azure responds that the workspace or its Sentinel does not exist, the
/// onboarding state must confirm it. Otherwise, the call is retried for at most a minute.
///
/// # Errors
/// [`NotReady::NotOnboarded`] if the workspace or its Sentinel no longer exists, and [`NotReady::Azure`] if a request
/// failed or the responses still contradict each other.
pub async fn unless_gone<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, NotReady> {
    Ok(retry(session, workspace, deadline, is_gone, Some(RETRY_PERIOD), call).await?)
}

/// Like [`unless_gone`], but returns Azure's error if the onboarding state does not exist. For imports, and for
/// verifying a write.
///
/// # Errors
/// A request failed, or Azure still responds that the workspace or its Sentinel does not exist.
pub async fn confirming_absence<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    call: impl Fn() -> F,
) -> Result<T, Error> {
    retry(session, workspace, deadline, is_gone, Some(RETRY_PERIOD), call).await.map_err(|rejected| rejected.error)
}

/// The error of a call that is not retried.
struct Rejected {
    error: Error,
    /// Whether the onboarding state confirms that the workspace is not onboarded.
    is_confirmed: bool,
}

impl From<Error> for Rejected {
    fn from(error: Error) -> Self {
        Self { error, is_confirmed: false }
    }
}

impl From<Rejected> for NotReady {
    fn from(rejected: Rejected) -> Self {
        if rejected.is_confirmed { Self::NotOnboarded } else { Self::Azure(rejected.error) }
    }
}

async fn retry<T, F: Future<Output = Result<T, Error>>>(
    session: &Session,
    workspace: &WorkspaceId,
    deadline: &Deadline,
    is_rejection: fn(&Error) -> bool,
    retry_period: Option<Duration>,
    call: impl Fn() -> F,
) -> Result<T, Rejected> {
    let started = Instant::now();
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    loop {
        let rejection = match call().await {
            Ok(response) => return Ok(response),
            Err(error) if is_rejection(&error) => error,
            Err(error) => return Err(error.into()),
        };
        let state = session.look_up_now(&OnboardingState::of(workspace), deadline).await.flatten()?;
        match absence(state, retry_period.is_none_or(|period| started.elapsed() < period)) {
            Absence::Gone => return Err(Rejected { error: rejection, is_confirmed: true }),
            Absence::CheckAgain => {}
            Absence::Error => return Err(rejection.into()),
        }
        tracing::info!(workspace = %workspace, refusal = %rejection, "workspace is onboarded, but Azure reports that it is not; retrying");
        let waited = backoff.wait(deadline).await;
        waited.map_err(|error| error.with_last_error(Some(&rejection)))?;
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

    fn rejections() -> [Effect; 3] {
        [not_onboarded(), no_workspace_metadata(), Effect::new().error(404, "ResourceNotFound", "It is gone.")]
    }

    #[tokio::test(start_paused = true)]
    async fn retries_a_read_after_one_wrong_response() {
        for rejection in rejections() {
            let azure = Azure::start().await;
            azure.fault_once("GET", "/dataConnectors", rejection);

            list_connectors(&azure).await.expect("the second response");

            assert_eq!(azure.methods("/dataConnectors"), "GET GET");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn reports_persistent_contradictory_responses() {
        for rejection in rejections() {
            let azure = Azure::start().await;
            azure.fault("GET", "/dataConnectors", rejection);

            let error = list_connectors(&azure).await.expect_err("a contradiction");

            assert!(matches!(error, NotReady::Azure(Error::Service(_))), "{error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn onboarding_state_confirms_a_missing_workspace() {
        for rejection in rejections() {
            let azure = Azure::start().await;
            azure.fault("GET", "^/subscriptions/", rejection);

            let error = list_connectors(&azure).await.expect_err("gone");

            assert!(matches!(error, NotReady::NotOnboarded), "{error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn create_waits_after_each_not_onboarded_response() {
        for rejection in [not_onboarded(), no_workspace_metadata()] {
            let azure = Azure::start().await;
            azure.fault_once("GET", "/dataConnectors", rejection);
            let (session, workspace, deadline) = (azure.session(), azure.workspace(), deadline());
            let request = Request::get(workspace.sentinel("dataConnectors"), API_VERSION);

            let listed =
                when_onboarded(&session, &workspace, &deadline, || session.arm().list(&request, &deadline)).await;

            listed.expect("the second response");
        }
    }
}
