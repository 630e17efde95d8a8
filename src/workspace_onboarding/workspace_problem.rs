//! The reasons why Azure does not onboard a workspace.

use serde_json::Value;

use crate::azure::{Deadline, Request, is_guid};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// The API version of Microsoft.OperationalInsights.
const API_VERSION: &str = "2025-02-01";

/// The reason why Azure does not onboard a workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WorkspaceProblem {
    /// Defender for Cloud created the workspace for its own data.
    DefaultWorkspace,
    /// The workspace was deleted, and Azure keeps it for 14 days.
    Deleted,
}

/// Determines why Azure rejected the onboarding of a workspace. `None` if the reason is unknown.
pub async fn find(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Option<WorkspaceProblem> {
    if is_default_workspace(workspace.name()) {
        return Some(WorkspaceProblem::DefaultWorkspace);
    }
    let group = workspace.resource_id().parent()?;
    let deleted = format!("{group}/providers/Microsoft.OperationalInsights/deletedWorkspaces");
    let deleted = session.arm().list(&Request::get(deleted, API_VERSION), deadline).await.ok()?;
    let is_same =
        |document: &Value| document["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(workspace.name()));
    deleted.iter().any(is_same).then_some(WorkspaceProblem::Deleted)
}

/// Whether this is the name of a default workspace of Defender for Cloud: `DefaultWorkspace-`, the ID of the
/// subscription, and the code of the region.
#[must_use]
pub fn is_default_workspace(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("defaultworkspace-") else { return false };
    rest.get(..36).is_some_and(is_guid) && rest[36..].starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_default_workspaces_by_their_full_name() {
        assert!(is_default_workspace("DefaultWorkspace-3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58-WEU"));
        assert!(!is_default_workspace("DefaultWorkspace-soc"));
        assert!(!is_default_workspace("law-DefaultWorkspace-3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58-WEU"));
    }
}
