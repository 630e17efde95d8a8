//! The customer ID, which identifies a workspace in the query API: GET
//! `…/Microsoft.OperationalInsights/workspaces/{name}`.

use serde_json::Value;

use crate::azure::{Client, Deadline, Error, Request};
use crate::sentinel::WorkspaceId;
use crate::session::{CachePolicy, Lookup};

const API_VERSION: &str = "2025-02-01";

/// Looks up the customer ID of a workspace, a GUID.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct CustomerId {
    workspace: WorkspaceId,
}

impl CustomerId {
    /// The customer ID of this workspace.
    pub(super) fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for CustomerId {
    type Response = String;
    /// The ID changes only if the workspace is deleted and created again. The same run may do that, so the result
    /// expires.
    const CACHE: CachePolicy = CachePolicy::For(std::time::Duration::from_secs(600));

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<String, Error> {
        let request = Request::get(&self.workspace, API_VERSION);
        let response = client.send(&request, deadline).await?;
        let id = response.body.pointer("/properties/customerId").and_then(Value::as_str);
        let id = id.filter(|id| uuid::Uuid::try_parse(id).is_ok()).map(str::to_owned);
        id.ok_or_else(|| client.invalid_response(&request, response.status, "the workspace has no `customerId`"))
    }
}
