//! The result of each operation of a deployment: GET `…/deployments/{name}/operations`.

use serde_json::Value;

use crate::azure::{ErrorDetail, innermost};
use crate::redaction::Secrets;

/// One operation of a deployment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeploymentOperation {
    /// The ARM ID of the resource. `None` for operations without a resource, such as evaluating outputs.
    pub resource: Option<String>,
    /// The result so far.
    pub state: OperationState,
}

/// The result of an operation so far.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OperationState {
    /// The operation is running or waiting.
    Running,
    /// The operation succeeded.
    Succeeded,
    /// The operation failed or was canceled, with the reasons. Azure may give none.
    Failed(Vec<ErrorDetail>),
}

impl DeploymentOperation {
    /// Reads an element of the list of operations. Masks `secrets` in the reasons.
    pub(super) fn from_document(document: &Value, secrets: &Secrets) -> Self {
        let properties = &document["properties"];
        let state = properties["provisioningState"].as_str().unwrap_or_default().to_ascii_lowercase();
        let state = match state.as_str() {
            "succeeded" => OperationState::Succeeded,
            "failed" | "canceled" | "cancelled" => {
                OperationState::Failed(reasons(&properties["statusMessage"], secrets))
            }
            _ => OperationState::Running,
        };
        Self { resource: properties["targetResource"]["id"].as_str().map(str::to_owned), state }
    }

    /// The resource's type and name for messages: the part of its ID after the last `providers`.
    #[must_use]
    pub fn shown(&self) -> &str {
        let Some(id) = &self.resource else { return "the deployment itself" };
        id.rsplit_once("/providers/").map_or(id.as_str(), |(_, shown)| shown)
    }

    /// Whether the operation has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state != OperationState::Running
    }
}

fn reasons(status_message: &Value, secrets: &Secrets) -> Vec<ErrorDetail> {
    innermost(status_message).into_iter().map(|reason| reason.masked(secrets)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> DeploymentOperation {
        DeploymentOperation::from_document(document, &Secrets::none())
    }

    const ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/providers/\
                      Microsoft.SecurityInsights/dataConnectors/page";

    #[test]
    fn reads_the_innermost_errors_of_a_failed_operation() {
        let operation = read(&json!({"operationId": "1", "properties": {
            "provisioningState": "failed",
            "targetResource": {"id": ID},
            "statusMessage": {"error": {"code": "Outer", "message": "see details", "details": [
                {"code": "BadRequest", "message": "no such kind"}
            ]}},
        }}));

        assert_eq!(operation.shown(), "Microsoft.SecurityInsights/dataConnectors/page");
        let OperationState::Failed(reasons) = &operation.state else { panic!("it failed") };
        assert_eq!(reasons[0].to_string(), "BadRequest: no such kind");
    }

    #[test]
    fn reads_final_states_ignoring_case() {
        let operation = |state: &str| read(&json!({"properties": {"provisioningState": state}}));

        assert_eq!(operation("succeeded").state, OperationState::Succeeded);
        for state in ["Failed", "Canceled", "CANCELLED"] {
            assert_eq!(operation(state).state, OperationState::Failed(Vec::new()), "{state}");
        }
        for state in ["Running", "Waiting", ""] {
            assert_eq!(operation(state).state, OperationState::Running, "{state}");
        }
        assert!(
            operation("Succeeded").is_finished()
                && operation("Failed").is_finished()
                && !operation("Running").is_finished()
        );
    }

    #[test]
    fn operation_without_a_final_state_is_running() {
        let operation = read(&json!({"properties": {"provisioningState": "Running"}}));

        assert!(!operation.is_finished());
        assert_eq!(operation.shown(), "the deployment itself");
    }
}
