//! The check `subscription_connectors`: no subscription-based connector streams the same alerts a second time.

use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;
use crate::sentinel::data_connector::{Document, connected_subscriptions};

const NAME: &str = "subscription_connectors";

/// Looks for connected subscription-based connectors.
pub fn check(connectors: &ReadResult<Vec<Document>>) -> Check {
    let mut subscriptions = match connectors {
        Ok(connectors) => connected_subscriptions(connectors),
        Err(unread) => return Check::unknown(NAME, unread),
    };
    if subscriptions.is_empty() {
        return Check::passed(
            NAME,
            "No subscription-based Defender for Cloud connector is connected in the workspace.",
        );
    }
    subscriptions.sort();
    Check::warning(
        NAME,
        format!(
            "Subscription-based Defender for Cloud connectors are connected for: {}. While the tenant-based connector \
             is also connected, the alerts of these subscriptions arrive twice.",
            subscriptions.join(", ")
        ),
        "Disconnect them in every workspace after the tenant-based connector is connected.",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prerequisites::check::Status;

    #[test]
    fn names_connected_subscriptions() {
        let properties = json!({"subscriptionId": "s1", "dataTypes": {"alerts": {"state": "Enabled"}}});

        let check_found = check(&Ok(vec![Document::new("a", "AzureSecurityCenter", properties)]));

        assert!(check_found.status == Status::Warning && check_found.detail.contains("are connected for: s1."));
        assert_eq!(check(&Ok(Vec::new())).status, Status::Passed);
    }
}
