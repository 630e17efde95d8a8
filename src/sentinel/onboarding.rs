//! The onboarding state of a workspace, `onboardingStates/default`.

use super::WorkspaceId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::framework::Diagnostic;
use crate::session::{CachePolicy, Lookup, cache_failure};

/// The look-up of whether a workspace is onboarded to Sentinel.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct OnboardingState {
    workspace: WorkspaceId,
}

impl OnboardingState {
    /// The API version of onboarding states.
    pub const API_VERSION: &str = "2025-09-01";

    /// The ID of the onboarding state of a workspace.
    #[must_use]
    pub fn id_on(workspace: &WorkspaceId) -> ResourceId {
        workspace.sentinel_resource("onboardingStates", "default")
    }

    /// The look-up for this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for OnboardingState {
    /// The onboarding, or the error of the request.
    type Response = Result<Onboarding, Error>;
    /// The plans of a run share the result. Operations that write look it up again.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Self::Response, Error> {
        let request = Request::get(Self::id_on(&self.workspace), Self::API_VERSION);
        cache_failure(match client.get_optional(&request, deadline).await {
            Ok(Some(_)) => Ok(Onboarding::Present),
            Ok(None) => Ok(Onboarding::Absent),
            Err(error) if is_not_onboarded(&error) => Ok(Onboarding::Absent),
            Err(error) => Err(error),
        })
    }

    /// The same run may onboard the workspace.
    fn depends_on(&self, id: &ResourceId) -> bool {
        id == self.workspace.resource_id() || *id == Self::id_on(&self.workspace)
    }
}

/// Whether a workspace is onboarded to Sentinel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Onboarding {
    /// The onboarding state exists. Other APIs of Sentinel may reject the workspace for some minutes.
    Present,
    /// The onboarding state does not exist.
    Absent,
}

/// Whether Azure rejected a request because the workspace is not onboarded to Sentinel, or only recently. Azure has two
/// such responses: 400 "… is not onboarded to Microsoft Sentinel" and 404 "Couldn't find workspaceMetadata …".
#[must_use]
pub fn is_not_onboarded(error: &Error) -> bool {
    let Error::Service(service) = error else { return false };
    let is_rejected = service.status == 400 && service.message.to_ascii_lowercase().contains("not onboarded");
    is_rejected || service.has_no_workspace_metadata()
}

/// The diagnostic of a workspace that is not onboarded to Sentinel. The caller sets its attribute.
#[must_use]
pub fn not_onboarded(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        format!("The workspace {} is not onboarded to Microsoft Sentinel", workspace.name()),
        format!(
            "Microsoft Sentinel has not been added to the workspace {}. Add the resource `sentinel_workspace_onboarding`, and \
             reference its `workspace_id` here. If another configuration onboards the workspace, apply that configuration \
             first.",
            workspace.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;

    fn rejected(status: u16, message: &str) -> Error {
        ServiceError { status, message: message.to_owned(), ..ServiceError::default() }.into()
    }

    #[test]
    fn recognizes_the_error_by_its_message() {
        assert!(is_not_onboarded(&rejected(400, "Workspace 'w' is not onboarded to Microsoft Sentinel. Please …")));
        assert!(is_not_onboarded(&rejected(404, "Couldn't find workspaceMetadata of workspace id 1")));
        assert!(!is_not_onboarded(&rejected(400, "Connector kind 'X' is not supported in api-version: 'Y'")));
        assert!(!is_not_onboarded(&rejected(404, "not onboarded")));
    }
}
