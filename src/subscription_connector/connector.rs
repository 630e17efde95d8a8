//! The data connector of a subscription. A workspace has one of kind `AzureSecurityCenter` for each subscription.

use serde_json::json;

use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind::AZURE_SECURITY_CENTER;
use crate::sentinel::data_connector::{ALERTS, Document, name_for, subscription_in};

use super::subscription_id::SubscriptionId;

/// The API version. Stable versions contain this kind.
pub const API_VERSION: &str = "2025-09-01";

/// The name of the connector of a subscription. It is derived, so that a create finds its own connector after a lost
/// response.
#[must_use]
pub fn derived_name(workspace: &WorkspaceId, subscription: &SubscriptionId) -> String {
    name_for(workspace, &format!("{AZURE_SECURITY_CENTER}|{}", subscription.guid()))
}

/// Whether the document is the connector of this subscription.
#[must_use]
pub fn is_of(document: &Document, subscription: &SubscriptionId) -> bool {
    document.is_kind(AZURE_SECURITY_CENTER)
        && subscription_in(document).is_some_and(|id| id.eq_ignore_ascii_case(&subscription.guid()))
}

/// Whether the alerts are enabled.
#[must_use]
pub fn is_connected(document: &Document) -> bool {
    document.is_enabled(&[ALERTS])
}

/// Finds the connector of a subscription among all documents of a workspace. Connected connectors take precedence, then
/// the order of their names decides.
#[must_use]
pub fn find<'a>(documents: &'a [Document], subscription: &SubscriptionId) -> Option<&'a Document> {
    let own = documents.iter().filter(|document| is_of(document, subscription));
    own.min_by_key(|document| (!is_connected(document), document.name().to_ascii_lowercase()))
}

/// The document with enabled alerts.
#[must_use]
pub fn with_alerts_enabled(found: &Document) -> Document {
    let mut document = found.clone();
    document.set(&["properties", "dataTypes", ALERTS, "state"], "Enabled".into());
    document
}

/// A new document with enabled alerts.
#[must_use]
pub fn new_document(name: &str, subscription: &SubscriptionId) -> Document {
    let properties = json!({"subscriptionId": subscription.guid(), "dataTypes": {ALERTS: {"state": "Enabled"}}});
    Document::new(name, AZURE_SECURITY_CENTER, properties)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S1: &str = "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842";

    fn connector(name: &str, kind: &str, subscription: &str, state: &str) -> Document {
        let properties = json!({"subscriptionId": subscription, "dataTypes": {"alerts": {"state": state}}});
        Document::new(name, kind, properties)
    }

    #[test]
    fn finds_the_connector_of_a_subscription_and_prefers_enabled_ones() {
        let subscription = SubscriptionId::of(S1);
        let documents = [
            connector("a", "AzureSecurityCenter", S1, "Disabled"),
            connector("b", "AzureSecurityCenter", &S1.to_uppercase(), "enabled"),
            connector("c", "AzureSecurityCenter", "other", "Enabled"),
        ];

        assert_eq!(find(&documents, &subscription).map(Document::name), Some("b"));
        assert_eq!(find(&documents[..1], &subscription).map(Document::name), Some("a"));
        assert_eq!(find(&documents[2..], &subscription), None);
        assert!(is_connected(&with_alerts_enabled(&documents[0])));
    }
}
