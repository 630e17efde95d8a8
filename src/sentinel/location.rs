//! The region of a workspace: GET `…/Microsoft.OperationalInsights/workspaces/{name}`.

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::{Client, Deadline, Error, Request};

const API_VERSION: &str = "2025-02-01";

/// Asks Azure.
///
/// # Errors
/// What the call can end with; [`Error::InvalidResponse`] when the answer holds no location.
pub(crate) async fn look_up(arm: &Client, workspace: &WorkspaceId, deadline: &Deadline) -> Result<String, Error> {
    let request = Request::get(workspace, API_VERSION);
    let response = arm.send(&request, deadline).await?;
    let location = response.body.get("location").and_then(Value::as_str).map(str::to_owned);
    location.ok_or_else(|| arm.invalid_response(&request, response.status, "the workspace has no `location`"))
}
