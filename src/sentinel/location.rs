//! The region of a workspace: `GET …/Microsoft.OperationalInsights/workspaces/{name}`.

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;
use crate::session::{CachePolicy, Lookup};

const API_VERSION: &str = "2025-02-01";

/// The look-up of the region of a workspace, in Azure's spelling.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Location {
    workspace: WorkspaceId,
}

impl Location {
    /// The look-up for this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for Location {
    type Response = String;
    /// The region of a workspace cannot change.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<String, Error> {
        let request = Request::get(&self.workspace, API_VERSION);
        let response = client.send(&request, deadline).await?;
        let location = response.body.get("location").and_then(Value::as_str).map(str::to_owned);
        location.ok_or_else(|| client.invalid_response(&request, response.status, "the workspace has no `location`"))
    }
}

/// The diagnostic of an error when reading a workspace. The roles of Microsoft Sentinel may not include this
/// permission.
#[must_use]
pub fn unreadable_workspace(error: &Error, activity: &str) -> Diagnostic {
    if azure_diagnostics::missing_role(error, activity).is_none() {
        return azure_diagnostics::from_error(error, activity);
    }
    let remedy = "Assign the role Log Analytics Reader on the workspace. The roles of Microsoft Sentinel may not be enough to \
                  read the workspace itself, as the guide \"Permissions\" explains. A new role assignment takes some \
                  minutes to take effect.";
    azure_diagnostics::from_error_with_own_remedy(error, activity, "Missing permission", remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;

    #[test]
    fn suggests_a_role_only_if_a_role_is_missing() {
        for (status, code, is_named) in [(403, "AuthorizationFailed", true), (404, "ResourceNotFound", false)] {
            let error = ServiceError { status, code: Some(code.to_owned()), ..ServiceError::default() }.into();

            let Diagnostic { detail, .. } = unreadable_workspace(&error, "reading the workspace");

            assert_eq!(detail.contains("What to do: Assign the role Log Analytics Reader"), is_named, "{detail}");
            assert!(!detail.contains("Sentinel Contributor"), "{detail}");
        }
    }
}
