//! Whether Sentinel is on a workspace: its `onboardingStates/default`.

use super::WorkspaceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::framework::Diagnostic;
use crate::session::{Keep, Lookup};

const API_VERSION: &str = "2025-09-01";

/// Looks up whether Sentinel is on a workspace.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct OnboardingState {
    workspace: WorkspaceId,
}

impl OnboardingState {
    /// The onboarding state of this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for OnboardingState {
    type Answer = Onboarding;
    /// The same run may onboard the workspace.
    const KEEP: Keep = Keep::InFlight;

    async fn ask(&self, client: &Client, deadline: &Deadline) -> Result<Onboarding, Error> {
        let request = Request::get(self.workspace.sentinel_resource("onboardingStates", "default"), API_VERSION);
        match client.get_optional(&request, deadline).await {
            Ok(Some(_)) => Ok(Onboarding::Present),
            Ok(None) => Ok(Onboarding::Absent),
            Err(error) if is_not_onboarded(&error) => Ok(Onboarding::Absent),
            Err(error) => Err(error),
        }
    }
}

/// Whether Sentinel is on a workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Onboarding {
    /// The onboarding state exists. Other APIs of Sentinel may not know it for some minutes.
    Present,
    /// The onboarding state does not exist: Sentinel must be added first.
    Absent,
}

/// Whether Azure refused a call because Sentinel is not on the workspace, or not yet.
#[must_use]
pub fn is_not_onboarded(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    error.status == 400 && error.message.to_ascii_lowercase().contains("not onboarded")
}

/// Sentinel is not on the workspace, and what to add. It is about no attribute until the caller says so.
#[must_use]
pub fn not_onboarded(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "The workspace is not onboarded to Microsoft Sentinel",
        format!(
            "Microsoft Sentinel is not on the workspace {name}: it has no onboarding state. Add the resource \
             azurerm_sentinel_log_analytics_workspace_onboarding for it and refer to that resource's workspace_id here, \
             so that it is made first; or run\n\n\
             az rest --method put --url \"{path}?api-version=2025-09-01\" --body '{{\"properties\":{{}}}}'",
            name = workspace.name(),
            path = workspace.sentinel_resource("onboardingStates", "default"),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;

    fn refused(status: u16, message: &str) -> Error {
        ServiceError { status, message: message.to_owned(), ..ServiceError::default() }.into()
    }

    #[test]
    fn the_refusal_is_known_by_its_sentence() {
        assert!(is_not_onboarded(&refused(400, "Workspace 'w' is not onboarded to Microsoft Sentinel. Please …")));
        assert!(!is_not_onboarded(&refused(400, "Connector kind 'X' is not supported in api-version: 'Y'")));
        assert!(!is_not_onboarded(&refused(404, "not onboarded")));
    }
}
