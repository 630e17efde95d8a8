//! The subscription-based Defender for Cloud connector, which the tenant-based one replaces: a data connector of kind
//! `AzureSecurityCenter` for each subscription.

use serde_json::Value;

use crate::sentinel::data_connector::kind::AZURE_SECURITY_CENTER;
use crate::sentinel::data_connector::{ALERTS, Document};

/// Subscriptions whose alerts the workspace gets through a connector of their own. A connector that does not name its
/// subscription is named itself.
#[must_use]
pub fn connected_subscriptions(documents: &[Document]) -> Vec<String> {
    let connections = documents.iter().filter(|document| document.is_kind(AZURE_SECURITY_CENTER));
    let on = connections.filter(|document| document.is_on(&[ALERTS]));
    let subscription = |document: &Document| {
        let id = document.get(&["properties", "subscriptionId"]).and_then(Value::as_str);
        id.unwrap_or_else(|| document.name()).to_owned()
    };
    on.map(subscription).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn connections_are_found_by_kind_and_state() {
        let connector = |kind: &str, subscription: &str, state: &str| {
            let properties = json!({"subscriptionId": subscription, "dataTypes": {"alerts": {"state": state}}});
            Document::new("name", kind, properties)
        };

        let found = connected_subscriptions(&[
            connector("azuresecuritycenter", "s1", "enabled"),
            connector("AzureSecurityCenter", "s2", "Disabled"),
            connector("StaticUI", "s3", "Enabled"),
            connector("MicrosoftThreatProtection", "s4", "Enabled"),
        ]);

        assert_eq!(found, ["s1"]);
    }

    #[test]
    fn a_connector_without_a_subscription_goes_by_its_name() {
        let properties = json!({"dataTypes": {"alerts": {"state": "Enabled"}}});

        let found = connected_subscriptions(&[Document::new("c1", "AzureSecurityCenter", properties)]);

        assert_eq!(found, ["c1"]);
    }
}
