//! Runs a deployment: starts it, logs each operation that ends, and cancels it if Terraform asks the provider to stop.
//!
//! | request | for |
//! |---|---|
//! | `PUT …/Microsoft.Resources/deployments/{name}` | start; the response names the address to poll |
//! | `GET …/deployments/{name}/operations` | read the result of each operation |
//! | `POST …/deployments/{name}/cancel` | cancel the operations that have not started |
//! | `GET …/deployments/{name}` | read the state, if a response was lost |

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::operation::{DeploymentOperation, OperationState};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, LongRunningOperation, OperationError, PollResult, Request, Started};
use crate::redaction::Secrets;

/// The API version of deployments. It is available in every cloud, and newer versions change nothing that is used here.
pub(super) const API_VERSION: &str = "2021-04-01";

/// The timeout of a cancellation. Together with [`FINAL_READ_TIMEOUT`], it must be shorter than the few seconds that
/// the framework grants after an interruption.
const CANCEL_TIMEOUT: Duration = Duration::from_millis(2000);

/// The timeout of reading the operations. They are only used in the log and in errors.
const OPERATIONS_TIMEOUT: Duration = Duration::from_secs(10);

/// The timeout of a last read of the deployment and its operations, after the deadline has passed.
const FINAL_READ_TIMEOUT: Duration = Duration::from_millis(1500);

/// A deployment into a resource group.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The resource group.
    pub group: ResourceId,
    /// The name in the group's deployment history. See [`super::name_for`].
    pub name: String,
    /// The template for Resource Manager.
    pub template: Value,
    /// The `parameters` of the deployment. See [`super::parameters::fill`].
    pub parameters: Value,
    /// The values to mask in Azure's messages. See [`super::secrets::of_parameters`].
    pub secrets: Secrets,
}

/// A deployment that did not succeed, with the known results of its operations.
#[derive(Debug)]
pub struct DeploymentError {
    /// Why it did not succeed.
    pub kind: DeploymentErrorKind,
    /// The operations that Azure started. Empty if Azure started none or did not list them.
    pub operations: Vec<DeploymentOperation>,
    /// The total number of operations that deploy a resource, if it is known.
    pub total: usize,
    /// The correlation ID of the run, for the activity log and Azure support.
    pub correlation_id: Option<String>,
}

/// The kind of a [`DeploymentError`].
#[derive(Debug)]
pub enum DeploymentErrorKind {
    /// Azure rejected the deployment, and nothing was deployed.
    Rejected(Error),
    /// Operations of the deployment failed.
    Failed(OperationError),
    /// The deadline has passed, and Azure reported afterwards that the deployment is still running.
    StillRunning(Error),
    /// Terraform asked the provider to stop.
    Cancelled(Cancellation),
    /// The provider can no longer read the state of the deployment. Azure may continue it.
    Lost(Error),
}

impl DeploymentErrorKind {
    /// The result in the log.
    fn name(&self) -> &'static str {
        match self {
            Self::Rejected(_) => "refused",
            Self::Failed(_) => "failed",
            Self::StillRunning(_) => "still running",
            Self::Cancelled(_) => "interrupted",
            Self::Lost(_) => "unknown",
        }
    }
}

/// The result of an attempt to cancel a deployment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cancellation {
    /// Azure starts no further operations.
    Accepted,
    /// The deployment had already ended.
    Finished,
    /// Azure has no such deployment. The start request may still arrive.
    Absent,
    /// Azure rejected the cancellation and may continue the deployment.
    Rejected,
}

impl Deployment {
    /// The ARM ID.
    #[must_use]
    pub fn id(&self) -> ResourceId {
        self.group.extension("Microsoft.Resources", "deployments", &self.name)
    }

    fn body(&self) -> Value {
        json!({"properties": {"mode": "Incremental", "template": self.template, "parameters": self.parameters}})
    }

    /// The number of resources in the template. Azure does not list operations that have not started.
    fn resources(&self) -> usize {
        match &self.template["resources"] {
            Value::Array(resources) => resources.len(),
            Value::Object(resources) => resources.len(),
            _ => 0,
        }
    }
}

/// Runs a deployment to its end, and returns its operations.
///
/// # Errors
/// [`DeploymentError`]. Azure keeps the resources that were deployed before the error.
pub async fn run(
    arm: &Client,
    deployment: &Deployment,
    deadline: &Deadline,
) -> Result<Vec<DeploymentOperation>, DeploymentError> {
    let arm = arm.hiding(deployment.secrets.clone());
    let follower = Follower { arm: &arm, deployment, deadline };
    let mut logged = BTreeSet::new();
    let outcome = match follower.follow(&mut logged).await {
        Ok(()) => Ok(follower.operations(&follower.read_deadline()).await.unwrap_or_default()),
        Err(kind) => Err(follower.error(kind).await),
    };
    follower.log(outcome.as_ref().unwrap_or_else(|error| &error.operations), &mut logged);
    let (deployment, done) = (&deployment.name, logged.len());
    match &outcome {
        Ok(_) => tracing::info!(deployment, done, "the deployment has succeeded"),
        Err(error) => tracing::info!(deployment, done, result = error.kind.name(), "the deployment has not succeeded"),
    }
    outcome
}

struct Follower<'a> {
    arm: &'a Client,
    deployment: &'a Deployment,
    deadline: &'a Deadline,
}

impl Follower<'_> {
    /// Starts the deployment and follows it to its end.
    async fn follow(&self, logged: &mut BTreeSet<String>) -> Result<(), DeploymentErrorKind> {
        let Some(mut operation) = self.start().await? else { return Ok(()) };
        loop {
            match self.arm.poll(&mut operation, self.deadline).await {
                Ok(PollResult::Running) => {
                    if let Some(operations) = self.operations(self.deadline).await {
                        self.log(&operations, logged);
                    }
                }
                Ok(PollResult::Succeeded(_)) => return Ok(()),
                Ok(PollResult::Failed(error)) => return Err(DeploymentErrorKind::Failed(error)),
                Err(error) => match self.read_deployment(error, DeploymentErrorKind::Lost).await? {
                    Some(followed) => operation = followed,
                    None => return Ok(()),
                },
            }
        }
    }

    /// Starts the deployment. Returns `None` if it has already succeeded.
    async fn start(&self) -> Result<Option<LongRunningOperation>, DeploymentErrorKind> {
        let request = Request::put(self.deployment.id(), API_VERSION, self.deployment.body());
        tracing::info!(deployment = self.deployment.name, resources = self.deployment.resources(), "deploying");
        match self.arm.start(&request, self.deadline).await {
            Ok(Started::Running(operation)) => Ok(Some(operation)),
            Ok(Started::Done(_)) => Ok(None),
            Ok(Started::Failed(error)) => Err(DeploymentErrorKind::Failed(error)),
            // This includes the error for an active deployment with the same name. The name is unique, so an earlier
            // attempt has started the deployment, and its response was lost.
            Err(error) if error.outcome_unknown() || matches!(error, Error::ForeignHost { .. }) => {
                self.read_deployment(error, DeploymentErrorKind::Rejected).await
            }
            Err(error) => Err(DeploymentErrorKind::Rejected(error)),
        }
    }

    /// Reads the deployment after an error that does not reveal its state. Returns the operation to follow, or `None`
    /// if the deployment has succeeded. `absent` builds the error for a deployment that does not exist.
    async fn read_deployment(
        &self,
        error: Error,
        absent: impl FnOnce(Error) -> DeploymentErrorKind,
    ) -> Result<Option<LongRunningOperation>, DeploymentErrorKind> {
        if matches!(error, Error::Cancelled { .. }) {
            return Err(self.cancelled().await);
        }
        let is_timed_out = matches!(error, Error::TimedOut { .. });
        match self.arm.progress(&self.read(), &self.read_deadline()).await {
            Ok(None) => Err(absent(error)),
            Ok(Some(PollResult::Succeeded(_))) => Ok(None),
            Ok(Some(PollResult::Failed(failed))) => Err(DeploymentErrorKind::Failed(failed)),
            Ok(Some(PollResult::Running)) if is_timed_out => Err(DeploymentErrorKind::StillRunning(error)),
            Ok(Some(PollResult::Running)) => Ok(Some(self.arm.follow(&self.read()))),
            Err(Error::Cancelled { .. }) => Err(self.cancelled().await),
            Err(_) => Err(DeploymentErrorKind::Lost(error)),
        }
    }

    /// The deadline of a read: the operation's deadline, or [`FINAL_READ_TIMEOUT`] from now if that is later.
    fn read_deadline(&self) -> Deadline {
        if self.deadline.remaining() > FINAL_READ_TIMEOUT {
            self.deadline.clone()
        } else {
            Deadline::lasting(FINAL_READ_TIMEOUT)
        }
    }

    async fn cancelled(&self) -> DeploymentErrorKind {
        DeploymentErrorKind::Cancelled(self.cancel().await)
    }

    async fn cancel(&self) -> Cancellation {
        let path = format!("{}/cancel", self.deployment.id());
        let deadline = Deadline::lasting(CANCEL_TIMEOUT);
        let error = match self.arm.send(&Request::post(path, API_VERSION), &deadline).await {
            Ok(_) => {
                tracing::info!(deployment = self.deployment.name, "canceled");
                return Cancellation::Accepted;
            }
            Err(error) if error.is_not_found() => return Cancellation::Absent,
            Err(error) => error,
        };
        match self.arm.progress(&self.read(), &deadline).await {
            Ok(Some(PollResult::Succeeded(_) | PollResult::Failed(_))) => Cancellation::Finished,
            _ => {
                tracing::warn!(deployment = self.deployment.name, %error, "the deployment could not be canceled");
                Cancellation::Rejected
            }
        }
    }

    fn read(&self) -> Request {
        Request::get(self.deployment.id(), API_VERSION)
    }

    /// The operations so far, or `None` if they cannot be read.
    async fn operations(&self, deadline: &Deadline) -> Option<Vec<DeploymentOperation>> {
        let request = Request::get(format!("{}/operations", self.deployment.id()), API_VERSION);
        match self.arm.list(&request, &deadline.at_most(OPERATIONS_TIMEOUT)).await {
            Ok(documents) => {
                let read = |document| DeploymentOperation::from_document(document, self.arm.secrets());
                Some(documents.iter().map(read).collect())
            }
            Err(error) => {
                tracing::debug!(deployment = self.deployment.name, error = %error, "the operations of the deployment cannot be read");
                None
            }
        }
    }

    /// Logs each resource whose operation has ended since the last call. The total comes from the template, because
    /// Azure lists only operations that have started.
    fn log(&self, operations: &[DeploymentOperation], logged: &mut BTreeSet<String>) {
        let of = self.deployment.resources();
        for operation in operations.iter().filter(|operation| operation.resource.is_some() && operation.is_finished()) {
            if logged.insert(operation.shown().to_owned()) {
                let result = if operation.state == OperationState::Succeeded { "succeeded" } else { "failed" };
                tracing::info!(
                    deployment = self.deployment.name,
                    resource = operation.shown(),
                    result,
                    done = logged.len(),
                    of,
                    "a deployment operation has ended"
                );
            }
        }
    }

    async fn error(&self, kind: DeploymentErrorKind) -> DeploymentError {
        let operations = match &kind {
            DeploymentErrorKind::Rejected(_) => Vec::new(),
            DeploymentErrorKind::Failed(_) | DeploymentErrorKind::Lost(_) => {
                self.operations(&self.read_deadline()).await.unwrap_or_default()
            }
            DeploymentErrorKind::StillRunning(_) | DeploymentErrorKind::Cancelled(_) => {
                self.operations(&Deadline::lasting(FINAL_READ_TIMEOUT)).await.unwrap_or_default()
            }
        };
        let started = operations.iter().filter(|operation| operation.resource.is_some()).count();
        let total = started.max(self.deployment.resources());
        DeploymentError { kind, operations, total, correlation_id: self.arm.correlation_id().map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests;
