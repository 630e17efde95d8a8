//! Workspaces that Azure does not onboard, and why.

use serde_json::Value;

use crate::azure::{Deadline, Request, is_guid};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// The API version of Microsoft.OperationalInsights.
const API_VERSION: &str = "2025-02-01";

/// Why Azure does not onboard a workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WorkspaceProblem {
    /// Defender for Cloud made the workspace for its own data.
    DefaultWorkspace,
    /// The workspace was deleted, and Azure keeps it for some days.
    Deleted,
}

/// Finds out why Azure has refused to onboard a workspace. `None` if the reason is another one, or cannot be read.
pub async fn find(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Option<WorkspaceProblem> {
    if is_default_workspace(workspace.name()) {
        return Some(WorkspaceProblem::DefaultWorkspace);
    }
    let group = workspace.resource_id().parent()?;
    let deleted = format!("{group}/providers/Microsoft.OperationalInsights/deletedWorkspaces");
    let deleted = session.arm().list(&Request::get(deleted, API_VERSION), deadline).await.ok()?;
    let is_it =
        |document: &Value| document["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(workspace.name()));
    deleted.iter().any(is_it).then_some(WorkspaceProblem::Deleted)
}

/// Whether Defender for Cloud gave this name: `DefaultWorkspace-`, the ID of the subscription, and the code of the region.
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
