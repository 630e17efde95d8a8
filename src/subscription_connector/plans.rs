//! The Defender for Cloud plans of the monitored subscription. Without a plan, the subscription has few or no alerts.

use serde_json::Value;

use super::subscription_id::SubscriptionId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{CachePolicy, Lookup};

const API_VERSION: &str = "2024-01-01";

/// Looks up whether a subscription has an enabled plan.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DefenderPlans {
    subscription: ResourceId,
}

impl DefenderPlans {
    /// The plans of this subscription.
    #[must_use]
    pub fn of(subscription: &SubscriptionId) -> Self {
        Self { subscription: ResourceId::of_subscription(&subscription.guid()) }
    }
}

impl Lookup for DefenderPlans {
    /// Whether any plan is enabled.
    type Response = bool;
    /// The same run may enable a plan, so no result is reused.
    const CACHE: CachePolicy = CachePolicy::InFlight;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<bool, Error> {
        let path = format!("{}/providers/Microsoft.Security/pricings", self.subscription.as_str());
        let plans = client.list(&Request::get(path, API_VERSION), deadline).await?;
        Ok(plans.iter().any(is_enabled))
    }
}

fn is_enabled(plan: &Value) -> bool {
    plan["properties"]["pricingTier"].as_str().is_some_and(|tier| !tier.eq_ignore_ascii_case("Free"))
}
