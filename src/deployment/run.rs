//! Running a deployment: start it, follow it with a line in the log for each step that ends, cancel it when Terraform
//! asks to stop.
//!
//! | request | for |
//! |---|---|
//! | `PUT …/Microsoft.Resources/deployments/{name}` | start; the answer says where to ask how far it is |
//! | `GET …/deployments/{name}/operations` | what became of each resource |
//! | `POST …/deployments/{name}/cancel` | stop what has not begun yet |
//! | `GET …/deployments/{name}` | how it is, where an answer about it was lost |

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::operation::{DeploymentOperation, Outcome};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, LongRunningOperation, OperationError, Poll, Request, Started};

/// In every cloud; newer ones change nothing that is used here.
pub(super) const API_VERSION: &str = "2021-04-01";

/// For cancelling, once Terraform has asked to stop. With [`LAST_LOOK`] it must stay below the few seconds that the
/// framework gives to what it cancels.
const CANCEL: Duration = Duration::from_millis(2000);

/// For a look at the steps: they are for the log and for errors, and nothing waits for them long.
const STEPS: Duration = Duration::from_secs(10);

/// For a last look at the deployment and its steps, after the operation's own time is over.
const LAST_LOOK: Duration = Duration::from_millis(1500);

/// A deployment into a resource group.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The resource group.
    pub group: ResourceId,
    /// Its name in the group's history; see [`super::name_for`].
    pub name: String,
    /// The template, as Resource Manager takes it.
    pub template: Value,
    /// The `parameters` of the deployment; see [`super::parameters::fill`].
    pub parameters: Value,
}

/// A deployment that did not come to a good end, with what became of its steps as far as that is known.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// The steps that Azure had begun; none where it began none or would not say.
    pub steps: Vec<DeploymentOperation>,
    /// How many steps there are in all, as far as that can be told.
    pub of: usize,
    /// Of the run: what the activity log and Azure's support find it by.
    pub correlation_id: Option<String>,
}

/// Reasons of [`Failure`].
#[derive(Debug)]
pub enum Reason {
    /// Azure did not take it, and nothing was deployed.
    Refused(Error),
    /// Steps of it failed.
    Failed(OperationError),
    /// The operation's time is over, and Azure has said since that it goes on.
    StillRunning(Error),
    /// Terraform asked to stop.
    Stopped(Cancellation),
    /// It cannot be followed any more; Azure may go on.
    Lost(Error),
}

/// What became of the attempt to cancel a deployment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cancellation {
    /// Azure starts no further steps.
    Accepted,
    /// It had come to its end before.
    Over,
    /// Azure did not know the deployment: its start may not have arrived yet.
    Absent,
    /// Azure did not take the cancellation, and may go on.
    Refused,
}

impl Deployment {
    /// The ARM id.
    #[must_use]
    pub fn id(&self) -> ResourceId {
        self.group.extension("Microsoft.Resources", "deployments", &self.name)
    }

    fn body(&self) -> Value {
        json!({"properties": {"mode": "Incremental", "template": self.template, "parameters": self.parameters}})
    }

    /// How many resources the template names: what Azure has not begun with is in no list of its.
    fn resources(&self) -> usize {
        match &self.template["resources"] {
            Value::Array(resources) => resources.len(),
            Value::Object(resources) => resources.len(),
            _ => 0,
        }
    }
}

/// Runs a deployment to its end, and gives its steps.
///
/// # Errors
/// [`Failure`]. Azure keeps what was deployed by then.
pub async fn run(
    arm: &Client,
    deployment: &Deployment,
    deadline: &Deadline,
) -> Result<Vec<DeploymentOperation>, Failure> {
    let follower = Follower { arm, deployment, deadline };
    let mut told = BTreeSet::new();
    match follower.follow(&mut told).await {
        Ok(()) => {
            let steps = follower.steps(&follower.time_for_a_look()).await.unwrap_or_default();
            follower.tell(&steps, &mut told);
            Ok(steps)
        }
        Err(reason) => Err(follower.failed(reason).await),
    }
}

struct Follower<'a> {
    arm: &'a Client,
    deployment: &'a Deployment,
    deadline: &'a Deadline,
}

impl Follower<'_> {
    /// Starts it, and stays with it to its end.
    async fn follow(&self, told: &mut BTreeSet<String>) -> Result<(), Reason> {
        let Some(mut operation) = self.start().await? else { return Ok(()) };
        loop {
            match self.arm.poll(&mut operation, self.deadline).await {
                Ok(Poll::Running) => {
                    if let Some(steps) = self.steps(self.deadline).await {
                        self.tell(&steps, told);
                    }
                }
                Ok(Poll::Succeeded(_)) => return Ok(()),
                Ok(Poll::Failed(error)) => return Err(Reason::Failed(error)),
                Err(error) => match self.ask_itself(error, Reason::Lost).await? {
                    Some(itself) => operation = itself,
                    None => return Ok(()),
                },
            }
        }
    }

    /// Starts it; none where it is over already.
    async fn start(&self) -> Result<Option<LongRunningOperation>, Reason> {
        let request = Request::put(self.deployment.id(), API_VERSION, self.deployment.body());
        tracing::info!(deployment = self.deployment.name, resources = self.deployment.resources(), "deploying");
        match self.arm.start(&request, self.deadline).await {
            Ok(Started::Running(operation)) => Ok(Some(operation)),
            Ok(Started::Done(_)) => Ok(None),
            Ok(Started::Failed(error)) => Err(Reason::Failed(error)),
            // Also where Azure says that a deployment of the name is active: the name is ours alone, and an attempt whose
            // answer was lost has begun it.
            Err(error) if error.outcome_unknown() || matches!(error, Error::ForeignHost { .. }) => {
                self.ask_itself(error, Reason::Refused).await
            }
            Err(error) => Err(Reason::Refused(error)),
        }
    }

    /// An error that leaves open how the deployment is: what does Azure say of it itself? Gives what to follow from now
    /// on; none where it has come to its good end. `absent` is what the error means where Azure does not have it.
    async fn ask_itself(
        &self,
        error: Error,
        absent: impl FnOnce(Error) -> Reason,
    ) -> Result<Option<LongRunningOperation>, Reason> {
        if matches!(error, Error::Cancelled { .. }) {
            return Err(self.stopped().await);
        }
        let is_late = matches!(error, Error::TimedOut { .. });
        match self.arm.progress(&self.read(), &self.time_for_a_look()).await {
            Ok(None) => Err(absent(error)),
            Ok(Some(Poll::Succeeded(_))) => Ok(None),
            Ok(Some(Poll::Failed(failed))) => Err(Reason::Failed(failed)),
            Ok(Some(Poll::Running)) if is_late => Err(Reason::StillRunning(error)),
            Ok(Some(Poll::Running)) => Ok(Some(self.arm.follow(&self.read()))),
            Err(Error::Cancelled { .. }) => Err(self.stopped().await),
            Err(_) => Err(Reason::Lost(error)),
        }
    }

    /// Where the operation's own time is over, a little more.
    fn time_for_a_look(&self) -> Deadline {
        if self.deadline.remaining() > LAST_LOOK { self.deadline.clone() } else { Deadline::lasting(LAST_LOOK) }
    }

    async fn stopped(&self) -> Reason {
        Reason::Stopped(self.cancel().await)
    }

    async fn cancel(&self) -> Cancellation {
        let path = format!("{}/cancel", self.deployment.id());
        let deadline = Deadline::lasting(CANCEL);
        let error = match self.arm.send(&Request::post(path, API_VERSION), &deadline).await {
            Ok(_) => {
                tracing::info!(deployment = self.deployment.name, "cancelled");
                return Cancellation::Accepted;
            }
            Err(error) if error.is_not_found() => return Cancellation::Absent,
            Err(error) => error,
        };
        match self.arm.progress(&self.read(), &deadline).await {
            Ok(Some(Poll::Succeeded(_) | Poll::Failed(_))) => Cancellation::Over,
            _ => {
                tracing::warn!(deployment = self.deployment.name, %error, "the deployment could not be cancelled");
                Cancellation::Refused
            }
        }
    }

    fn read(&self) -> Request {
        Request::get(self.deployment.id(), API_VERSION)
    }

    /// The steps so far; none where Azure does not say.
    async fn steps(&self, deadline: &Deadline) -> Option<Vec<DeploymentOperation>> {
        let request = Request::get(format!("{}/operations", self.deployment.id()), API_VERSION);
        match self.arm.list(&request, &deadline.at_most(STEPS)).await {
            Ok(documents) => Some(documents.iter().map(DeploymentOperation::from_document).collect()),
            Err(error) => {
                tracing::debug!(deployment = self.deployment.name, error = %error, "the steps cannot be read");
                None
            }
        }
    }

    /// A line for each step that has ended since the last look.
    fn tell(&self, steps: &[DeploymentOperation], told: &mut BTreeSet<String>) {
        let of = steps.len().max(self.deployment.resources());
        let mut done = told.len();
        for step in steps.iter().filter(|step| step.is_over()) {
            if told.insert(step.shown().to_owned()) {
                done += 1;
                let outcome = if step.outcome == Outcome::Succeeded { "succeeded" } else { "failed" };
                tracing::info!(
                    deployment = self.deployment.name,
                    resource = step.shown(),
                    outcome,
                    done,
                    of,
                    "a step of the deployment has ended"
                );
            }
        }
    }

    async fn failed(&self, reason: Reason) -> Failure {
        let steps = match &reason {
            Reason::Refused(_) => Vec::new(),
            Reason::Failed(_) | Reason::Lost(_) => self.steps(&self.time_for_a_look()).await.unwrap_or_default(),
            Reason::StillRunning(_) | Reason::Stopped(_) => {
                self.steps(&Deadline::lasting(LAST_LOOK)).await.unwrap_or_default()
            }
        };
        let of = steps.len().max(self.deployment.resources());
        Failure { reason, steps, of, correlation_id: self.arm.correlation_id().map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests;
