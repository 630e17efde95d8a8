//! Running a deployment: start it, follow it with a line in the log for each step that ends, cancel it when Terraform
//! asks to stop.
//!
//! | request | for |
//! |---|---|
//! | `PUT …/Microsoft.Resources/deployments/{name}` | start; the answer says where to ask how far it is |
//! | `GET …/deployments/{name}/operations` | what became of each resource |
//! | `POST …/deployments/{name}/cancel` | stop what has not begun yet |
//! | `GET …/deployments/{name}` | whether it exists, where the answer to the PUT was lost |

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::step::{Outcome, Step};
use crate::azure::arm::{Client, Operation, OperationError, Poll, Request, Started};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Budget, Error};

/// In every cloud; newer ones change nothing that is used here.
const API_VERSION: &str = "2021-04-01";

/// For cancelling, once Terraform has asked to stop. With [`LAST_LOOK`] it must stay below the few seconds that the
/// framework gives to what it cancels.
const CANCEL: Duration = Duration::from_millis(2000);

/// For a last look at the steps, after the operation's own time is over.
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
    /// The steps that Azure had begun.
    pub steps: Vec<Step>,
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
    /// The operation's time is over; Azure goes on.
    StillRunning(Error),
    /// Terraform asked to stop. Whether Azure took the cancellation.
    Stopped {
        /// Azure starts no further steps.
        is_cancelled: bool,
    },
    /// It cannot be followed any more; Azure may go on.
    Lost(Error),
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
pub async fn run(arm: &Client, deployment: &Deployment, budget: &Budget) -> Result<Vec<Step>, Failure> {
    let follower = Follower { arm, deployment, budget };
    let mut operation = match follower.start().await {
        Ok(Some(operation)) => operation,
        Ok(None) => return Ok(follower.steps(budget).await.unwrap_or_default()),
        Err(reason) => return Err(follower.failed(reason).await),
    };
    let mut told = BTreeSet::new();
    loop {
        let poll = arm.poll(&mut operation, budget).await;
        let steps = match &poll {
            Ok(_) => follower.steps(budget).await,
            Err(_) => None,
        };
        if let Some(steps) = &steps {
            follower.tell(steps, &mut told);
        }
        match poll {
            Ok(Poll::Running) => {}
            Ok(Poll::Succeeded(_)) => return Ok(steps.unwrap_or_default()),
            Ok(Poll::Failed(error)) => {
                let steps = steps.unwrap_or_default();
                return Err(follower.failure(Reason::Failed(error), steps));
            }
            Err(error) => return Err(follower.failed(follower.broken_off(error).await).await),
        }
    }
}

struct Follower<'a> {
    arm: &'a Client,
    deployment: &'a Deployment,
    budget: &'a Budget,
}

impl Follower<'_> {
    /// Starts it; none where it is over already.
    async fn start(&self) -> Result<Option<Operation>, Reason> {
        let request = Request::put(self.deployment.id(), API_VERSION, self.deployment.body());
        tracing::info!(deployment = self.deployment.name, resources = self.deployment.resources(), "deploying");
        match self.arm.start(&request, self.budget).await {
            Ok(Started::Running(operation)) => Ok(Some(operation)),
            Ok(Started::Done(_)) => Ok(None),
            // The name is ours alone: what is active under it was begun by an attempt whose answer was lost.
            Err(error) if is_active(&error) => Ok(Some(self.arm.follow(&self.read()))),
            Err(error @ (Error::Cancelled { .. } | Error::TimedOut { .. })) if error.outcome_unknown() => {
                Err(self.broken_off(error).await)
            }
            Err(error) if error.outcome_unknown() && error.service().is_none() => self.look_up(error).await.map(Some),
            Err(error) => Err(Reason::Refused(error)),
        }
    }

    /// The answer to the start was lost: does it exist?
    async fn look_up(&self, lost: Error) -> Result<Operation, Reason> {
        match self.arm.get_optional(&self.read(), self.budget).await {
            Ok(Some(_)) => Ok(self.arm.follow(&self.read())),
            Ok(None) => Err(Reason::Refused(lost)),
            Err(_) => Err(Reason::Lost(lost)),
        }
    }

    /// It cannot be followed to its end: because time is over, because Terraform asks to stop, or because of an error.
    async fn broken_off(&self, error: Error) -> Reason {
        match error {
            Error::Cancelled { .. } => Reason::Stopped { is_cancelled: self.cancel().await },
            Error::TimedOut { .. } => Reason::StillRunning(error),
            other => Reason::Lost(other),
        }
    }

    async fn cancel(&self) -> bool {
        let path = format!("{}/cancel", self.deployment.id());
        let outcome = self.arm.send(&Request::post(path, API_VERSION, None), &Budget::lasting(CANCEL)).await;
        match &outcome {
            Ok(_) => tracing::info!(deployment = self.deployment.name, "cancelled"),
            Err(error) => {
                tracing::warn!(deployment = self.deployment.name, error = %error, "the deployment could not be cancelled");
            }
        }
        // one that is not there, or over, has nothing left to stop
        outcome.is_ok() || outcome.is_err_and(|error| error.is_not_found())
    }

    fn read(&self) -> Request {
        Request::get(self.deployment.id(), API_VERSION)
    }

    /// The steps so far; none where Azure does not say.
    async fn steps(&self, budget: &Budget) -> Option<Vec<Step>> {
        let request = Request::get(format!("{}/operations", self.deployment.id()), API_VERSION);
        match self.arm.list(&request, budget).await {
            Ok(documents) => Some(documents.iter().map(Step::from_document).collect()),
            Err(error) => {
                tracing::debug!(deployment = self.deployment.name, error = %error, "the steps cannot be read");
                None
            }
        }
    }

    /// A line for each step that has ended since the last look.
    fn tell(&self, steps: &[Step], told: &mut BTreeSet<String>) {
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
            Reason::Failed(_) | Reason::Lost(_) => self.steps(self.budget).await.unwrap_or_default(),
            Reason::StillRunning(_) | Reason::Stopped { .. } => {
                self.steps(&Budget::lasting(LAST_LOOK)).await.unwrap_or_default()
            }
        };
        self.failure(reason, steps)
    }

    fn failure(&self, reason: Reason, steps: Vec<Step>) -> Failure {
        Failure { reason, steps, correlation_id: self.arm.correlation_id().map(str::to_owned) }
    }
}

/// Azure is at a deployment of this name.
fn is_active(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    error.earlier_attempt_lost
        && error.status == 409
        && error.code.as_deref().is_some_and(|code| code.to_ascii_lowercase().starts_with("deploymentactive"))
}
