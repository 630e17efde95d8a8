//! Deployments that have not ended: their operations, and when each is due. Other data of a deployment is in its
//! document.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::behaviors::ServiceError;
use super::claims::Claims;

/// A deployment that has not ended. Times are RFC 3339, in the simulator's time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunningDeployment {
    /// The caller on whose behalf resources are written.
    pub(crate) caller: Claims,
    pub(crate) correlation_id: String,
    /// ID of the deployment's document under `operationStatuses`.
    pub(crate) status_id: String,
    pub(crate) started_at: String,
    pub(crate) ends_at: String,
    /// The operations, in the order of deployment.
    pub(crate) operations: Vec<DeploymentOperation>,
    /// The outputs, which the document contains when the deployment has succeeded.
    pub(crate) outputs: Map<String, Value>,
}

/// The operation that deploys one resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeploymentOperation {
    pub(crate) id: String,
    pub(crate) resource_type: String,
    pub(crate) name: String,
    pub(crate) api_version: String,
    /// IDs of resources in the same deployment.
    pub(crate) depends_on: Vec<String>,
    pub(crate) body: Map<String, Value>,
    /// ID of the operation's document under `operations`.
    pub(crate) operation_id: String,
    pub(crate) starts_at: String,
    pub(crate) ends_at: String,
    pub(crate) state: OperationState,
    /// Whether the operation never ends.
    #[serde(default)]
    pub(crate) hangs: bool,
    /// The error that the operation ends with, without a call of the resource provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) injected_error: Option<ServiceError>,
    /// The resource provider's error: `{"code", "message"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
}

/// The state of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OperationState {
    Waiting,
    Running,
    Succeeded,
    Failed,
    Canceled,
    /// A resource that the operation depends on has failed.
    Skipped,
}

impl OperationState {
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}
