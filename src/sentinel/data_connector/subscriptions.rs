//! The data connectors of subscriptions, which have the kind `AzureSecurityCenter` and a `subscriptionId`. A workspace
//! may have one for each subscription. The tenant-wide connector replaces them.

use serde_json::Value;

use super::kind::AZURE_SECURITY_CENTER;
use super::{ALERTS, Document};

/// The ID of the subscription in a document.
#[must_use]
pub fn subscription_in(document: &Document) -> Option<&str> {
    document.get(&["properties", "subscriptionId"]).and_then(Value::as_str)
}

/// The IDs of the subscriptions whose own connector streams alerts to the workspace. If a connector contains no
/// subscription ID, its name is returned instead.
#[must_use]
pub fn connected_subscriptions(documents: &[Document]) -> Vec<String> {
    let is_connected = |document: &&Document| document.is_kind(AZURE_SECURITY_CENTER) && document.is_enabled(&[ALERTS]);
    let connected = documents.iter().filter(is_connected);
    connected.map(|document| subscription_in(document).unwrap_or_else(|| document.name()).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn connector(kind: &str, subscription: &str, state: &str) -> Document {
        let properties = json!({"subscriptionId": subscription, "dataTypes": {"alerts": {"state": state}}});
        Document::new("name", kind, properties)
    }

    #[test]
    fn finds_connections_by_kind_and_state() {
        let found = connected_subscriptions(&[
            connector("azuresecuritycenter", "s1", "enabled"),
            connector("AzureSecurityCenter", "s2", "Disabled"),
            connector("StaticUI", "s3", "Enabled"),
            connector("MicrosoftThreatProtection", "s4", "Enabled"),
        ]);

        assert_eq!(found, ["s1"]);
    }

    #[test]
    fn identifies_a_connector_without_a_subscription_by_name() {
        let properties = json!({"dataTypes": {"alerts": {"state": "Enabled"}}});

        let found = connected_subscriptions(&[Document::new("c1", "AzureSecurityCenter", properties)]);

        assert_eq!(found, ["c1"]);
    }
}
