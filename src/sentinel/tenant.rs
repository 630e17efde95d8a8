//! The tenant that a subscription belongs to: GET `/subscriptions/{id}`.
//!
//! With Azure Lighthouse this is not the tenant of the login, and it is the one whose alerts a connector streams.

use serde_json::Value;

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Request};
use crate::azure::{Deadline, Error};

const API_VERSION: &str = "2022-12-01";

fn request(subscription: &str) -> Request {
    Request::get(ResourceId::of_subscription(subscription), API_VERSION)
}

/// The tenant's id, a GUID in lower case.
fn tenant_in(subscription: &Value) -> Option<String> {
    subscription.get("tenantId").and_then(Value::as_str).map(str::to_ascii_lowercase)
}

/// Asks Azure.
///
/// # Errors
/// What the call can end with; [`Error::InvalidResponse`] when the answer holds no tenant.
pub(crate) async fn look_up(arm: &Client, subscription: &str, deadline: &Deadline) -> Result<String, Error> {
    let request = request(subscription);
    let response = arm.send(&request, deadline).await?;
    tenant_in(&response.body)
        .ok_or_else(|| arm.invalid_response(&request, response.status, "the subscription has no `tenantId`"))
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
