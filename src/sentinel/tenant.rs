//! The tenant of a workspace: GET `/subscriptions/{id}`.
//!
//! With Azure Lighthouse, this is not the tenant of the login. It is the tenant whose alerts a connector streams.

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{Keep, Lookup};

const API_VERSION: &str = "2022-12-01";

/// Looks up the tenant that a subscription belongs to. Its answer is a GUID in lower case.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Tenant {
    subscription: ResourceId,
}

impl Tenant {
    /// The tenant of the subscription of this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { subscription: ResourceId::of_subscription(workspace.subscription()) }
    }
}

impl Lookup for Tenant {
    type Answer = String;
    /// A subscription does not move during a run.
    const KEEP: Keep = Keep::Forever;

    async fn ask(&self, client: &Client, deadline: &Deadline) -> Result<String, Error> {
        let request = Request::get(&self.subscription, API_VERSION);
        let response = client.send(&request, deadline).await?;
        tenant_in(&response.body)
            .ok_or_else(|| client.invalid_response(&request, response.status, "the subscription has no `tenantId`"))
    }
}

fn tenant_in(subscription: &Value) -> Option<String> {
    subscription.get("tenantId").and_then(Value::as_str).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_tenant_is_read_in_lower_case() {
        assert_eq!(tenant_in(&json!({"tenantId": "ABCD-01"})), Some("abcd-01".to_owned()));
        assert_eq!(tenant_in(&json!({"displayName": "x"})), None);
    }
}
