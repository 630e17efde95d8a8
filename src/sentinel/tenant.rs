//! The tenant of a workspace, which is the tenant of its subscription.
//!
//! A connector streams the alerts of this tenant. With Azure Lighthouse, it is not the tenant of the identity.
//!
//! | request | requires |
//! |---|---|
//! | `GET /subscriptions/{id}` | the permission to read the subscription |
//! | `GET /subscriptions` | any role in the subscription |
//! | `GET /subscriptions/{id}` without a token; the `401` response contains the tenant | nothing |

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{CachePolicy, Lookup};

const API_VERSION: &str = "2022-12-01";

/// The look-up of the tenant of a subscription. The result is a GUID in lower case.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Tenant {
    subscription: ResourceId,
}

impl Tenant {
    /// The look-up for the subscription of this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self::of_subscription(workspace.subscription())
    }

    /// The look-up for the subscription with this ID.
    #[must_use]
    pub fn of_subscription(guid: &str) -> Self {
        Self { subscription: ResourceId::of_subscription(guid) }
    }
}

impl Lookup for Tenant {
    type Response = String;
    /// The tenant of a subscription does not change during a run.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<String, Error> {
        // The identity may have roles only on the workspace or its resource group, so do not wait for a role here.
        let deadline = &deadline.without_role_grace_period();
        let request = Request::get(&self.subscription, API_VERSION);
        match client.send(&request, deadline).await {
            Ok(response) => tenant_in(&response.body).ok_or_else(|| {
                client.invalid_response(&request, response.status, "the subscription has no `tenantId`")
            }),
            Err(error) if is_forbidden(&error) => {
                self.without_permission(client, &request, deadline).await.ok_or(error)
            }
            Err(error) => Err(error),
        }
    }
}

impl Tenant {
    /// Determines the tenant if the identity lacks the permission to read the subscription. Errors are ignored, because
    /// the missing permission is the more useful error.
    async fn without_permission(&self, client: &Client, request: &Request, deadline: &Deadline) -> Option<String> {
        let all = client.list(&Request::get("/subscriptions", API_VERSION), deadline).await;
        if let Some(tenant) = all.ok().and_then(|all| self.find_in(&all)) {
            return Some(tenant);
        }
        client.challenge(request, deadline).await.ok()??.tenant
    }

    fn find_in(&self, subscriptions: &[Value]) -> Option<String> {
        let id = self.subscription.subscription();
        let is_own = |other: &&Value| {
            other.get("subscriptionId").and_then(Value::as_str).is_some_and(|other| other.eq_ignore_ascii_case(id))
        };
        subscriptions.iter().find(is_own).and_then(tenant_in)
    }
}

fn is_forbidden(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.status == 403 && !error.foreign)
}

fn tenant_in(subscription: &Value) -> Option<String> {
    subscription.get("tenantId").and_then(Value::as_str).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use azure_simulator::Effect;
    use serde_json::json;

    use super::*;
    use crate::azure::testing::deadline;
    use crate::testing::Azure;

    #[test]
    fn reads_the_tenant_in_lower_case() {
        assert_eq!(tenant_in(&json!({"tenantId": "ABCD-01"})), Some("abcd-01".to_owned()));
        assert_eq!(tenant_in(&json!({"displayName": "x"})), None);
    }

    const SUBSCRIPTION: &str = r"^/subscriptions/[^/]*\?";
    const LIST: &str = r"^/subscriptions\?";

    async fn look_up(azure: &Azure) -> Result<String, Error> {
        Tenant::of(&azure.workspace()).fetch(&azure.client(), &deadline().with_role_grace_period()).await
    }

    fn forbidden() -> Effect {
        Effect::new().error(403, "AuthorizationFailed", "no")
    }

    #[tokio::test(start_paused = true)]
    async fn reads_the_tenant_of_an_unreadable_subscription_from_the_list() {
        let azure = Azure::start_empty().await;
        azure.fault("GET", SUBSCRIPTION, forbidden());

        assert_eq!(look_up(&azure).await.expect("a tenant"), azure.tenant());
        assert_eq!(azure.methods("/subscriptions"), "GET GET", "without retries");
    }

    #[tokio::test(start_paused = true)]
    async fn reads_the_tenant_from_the_challenge_of_an_anonymous_request() {
        let azure = Azure::start_empty().await;
        azure.fault_once("GET", SUBSCRIPTION, forbidden());
        azure.fault("GET", LIST, Effect::new().json(json!({"value": []})));

        assert_eq!(look_up(&azure).await.expect("a tenant"), azure.tenant());
        let requests = azure.simulator.requests();
        assert_eq!(requests.last().expect("a request").header("authorization"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn returns_the_first_error_if_every_source_fails() {
        let azure = Azure::start_empty().await;
        azure.fault("GET", "^/subscriptions", forbidden());

        let error = look_up(&azure).await.expect_err("no tenant");

        assert!(error.to_string().contains("403 AuthorizationFailed"), "{error}");
    }
}
