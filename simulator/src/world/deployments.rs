//! Deployments that have not ended: what is still to be done, and when. The rest of a deployment is its document.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::behaviors::ServiceError;
use super::claims::Claims;

/// A deployment under way. Times are RFC 3339, in the simulator's time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunningDeployment {
    /// On whose behalf resources are written.
    pub(crate) caller: Claims,
    pub(crate) correlation_id: String,
    /// Id of its document under `operationStatuses`.
    pub(crate) status_id: String,
    pub(crate) started_at: String,
    pub(crate) ends_at: String,
    /// In the order of their making.
    pub(crate) operations: Vec<DeploymentOperation>,
    /// Shown when it has succeeded.
    pub(crate) outputs: Map<String, Value>,
}

/// One resource of a deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentOperation {
    pub(crate) id: String,
    pub(crate) resource_type: String,
    pub(crate) name: String,
    pub(crate) api_version: String,
    /// Ids of resources of the same deployment.
    pub(crate) depends_on: Vec<String>,
    pub(crate) body: Map<String, Value>,
    /// Of its document under `operations`.
    pub(crate) operation_id: String,
    pub(crate) starts_at: String,
    pub(crate) ends_at: String,
    pub(crate) state: OperationState,
    /// It never ends.
    #[serde(default)]
    pub(crate) hangs: bool,
    /// What it ends with, instead of asking the resource provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) injected_error: Option<ServiceError>,
    /// The error of the resource provider: `{"code", "message"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OperationState {
    Waiting,
    Running,
    Succeeded,
    Failed,
    Canceled,
    /// Something that it depends on has failed.
    Skipped,
}

impl OperationState {
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}
