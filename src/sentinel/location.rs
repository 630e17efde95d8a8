//! The region of a workspace: GET `…/Microsoft.OperationalInsights/workspaces/{name}`.

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{Keep, Lookup};

const API_VERSION: &str = "2025-02-01";

/// Looks up the region of a workspace. Its answer is written as Azure writes it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Location {
    workspace: WorkspaceId,
}

impl Location {
    /// The region of this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for Location {
    type Answer = String;
    /// A workspace does not move.
    const KEEP: Keep = Keep::ForTheRun;

    async fn ask(&self, client: &Client, deadline: &Deadline) -> Result<String, Error> {
        let request = Request::get(&self.workspace, API_VERSION);
        let response = client.send(&request, deadline).await?;
        let location = response.body.get("location").and_then(Value::as_str).map(str::to_owned);
        location.ok_or_else(|| client.invalid_response(&request, response.status, "the workspace has no `location`"))
    }
}
