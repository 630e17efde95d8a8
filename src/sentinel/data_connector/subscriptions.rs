//! The data connectors of subscriptions, which have the kind `AzureSecurityCenter` and a `subscriptionId`. A workspace
//! may have one for each subscription. The tenant-wide connector replaces them.

use serde_json::Value;

use super::kind::AZURE_SECURITY_CENTER;
use super::{ALERTS, Document};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// The type of the resource that manages the connector of one subscription.
pub const SUBSCRIPTION_CONNECTOR: &str = "sentinel_dfc_subscription_connector";

/// The prefix of the ownership keys of all these connectors in a workspace. The GUID of the subscription follows.
#[must_use]
pub fn subscription_key_prefix(workspace: &WorkspaceId) -> String {
    format!("{}|", workspace.key())
}

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

/// The same, without the subscriptions whose connectors this run has planned to destroy.
#[must_use]
pub fn subscriptions_that_stay(session: &Session, workspace: &WorkspaceId, documents: &[Document]) -> Vec<String> {
    let is_destroyed = |guid: &String| {
        let key = format!("{}{}", subscription_key_prefix(workspace), guid.to_ascii_lowercase());
        session.ownership().is_released(SUBSCRIPTION_CONNECTOR, key)
    };
    connected_subscriptions(documents).into_iter().filter(|guid| !is_destroyed(guid)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::framework::{Context, Schema, State};
    use crate::ownership::{ObjectKind, UniqueObject};
    use crate::testing::Azure;

    #[tokio::test(start_paused = true)]
    async fn a_subscription_whose_connector_is_planned_to_be_destroyed_does_not_stay() {
        static KIND: ObjectKind = ObjectKind {
            type_name: SUBSCRIPTION_CONNECTOR,
            noun: "connector",
            attribute: "subscription_id",
            adopt_attribute: "adopt_existing",
            destroy_effect: "stops the alerts",
        };
        let azure = Azure::start_empty().await;
        let (session, workspace) = (azure.session(), azure.workspace());
        let key = format!("{}s1", subscription_key_prefix(&workspace));
        let object = UniqueObject { kind: &KIND, key, title: String::new(), label: String::new(), import_id: None };
        let mut state = State::empty(&Schema::new(""));
        let connectors = ["S1", "s2"].map(|subscription| connector(AZURE_SECURITY_CENTER, subscription, "Enabled"));

        session.ownership().record_found(&object, &mut state);
        assert_eq!(subscriptions_that_stay(&session, &workspace, &connectors), ["S1", "s2"]);
        session.ownership().plan_destroy(&Context::for_tests(), &object, &state).expect("no conflict");

        assert_eq!(subscriptions_that_stay(&session, &workspace, &connectors), ["s2"]);
    }

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
