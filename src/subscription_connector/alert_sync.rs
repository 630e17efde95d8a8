//! Bi-directional alert synchronization: the setting `Microsoft.Security/settings/Sentinel` of the monitored
//! subscription. If a Sentinel incident is closed, Defender for Cloud closes the alert.

use serde_json::{Value, json};

use super::subscription_id::SubscriptionId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Error, Request};
use crate::session::Session;

const API_VERSION: &str = "2022-05-01";

fn id(subscription: &SubscriptionId) -> ResourceId {
    ResourceId::of_subscription(&subscription.guid()).extension("Microsoft.Security", "settings", "Sentinel")
}

/// Whether the synchronization is enabled. A missing setting is disabled.
///
/// # Errors
/// The request failed.
pub async fn is_enabled(session: &Session, subscription: &SubscriptionId, deadline: &Deadline) -> Result<bool, Error> {
    let response = session.arm().get_optional(&Request::get(id(subscription), API_VERSION), deadline).await?;
    Ok(response.is_some_and(|response| enabled_in(&response.body)))
}

/// Enables or disables the synchronization, if necessary.
///
/// # Errors
/// A request failed.
pub async fn set(
    session: &Session,
    subscription: &SubscriptionId,
    enabled: bool,
    deadline: &Deadline,
) -> Result<(), Error> {
    if is_enabled(session, subscription, deadline).await? == enabled {
        return Ok(());
    }
    let document = json!({"kind": "AlertSyncSettings", "properties": {"enabled": enabled}});
    session.arm().send(&Request::put(id(subscription), API_VERSION, document), deadline).await.map(drop)
}

fn enabled_in(document: &Value) -> bool {
    document["properties"]["enabled"].as_bool().unwrap_or_default()
}
