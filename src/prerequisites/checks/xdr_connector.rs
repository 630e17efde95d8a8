//! The check `xdr_connector`: how the Defender XDR connector of the workspace affects the tenant-based connector.

use crate::defender_xdr::{DEFENDER_FOR_CLOUD, Part, Stream, streaming, with_incidents};
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

const NAME: &str = "xdr_connector";

/// Describes the connector. Its state never prevents the connection, so the check does not fail.
pub fn check(connectors: &ReadResult<Vec<Document>>) -> Check {
    let connectors = match connectors {
        Ok(connectors) => connectors,
        Err(unread) => return Check::unknown(NAME, unread),
    };
    match streaming(connectors, &Part::alerts_of(DEFENDER_FOR_CLOUD)) {
        Some((document, Stream::Named)) => {
            return Check::passed(
                NAME,
                format!(
                    "The Defender XDR connector \"{}\" already streams the alerts of Defender for Cloud.",
                    document.name()
                ),
            );
        }
        Some((document, Stream::Unfiltered)) => {
            return Check::warning(
                NAME,
                format!(
                    "The Defender XDR connector \"{}\" streams the alerts of all products, because it has no filter. Those of \
                     Defender for Cloud are included.",
                    document.name()
                ),
                "Set `adopt_existing = true` on sentinel_dfc_tenant_connector. Destroying that resource then disables \
                 the alerts of all products.",
            );
        }
        None => {}
    }
    if let Some(document) = with_incidents(connectors) {
        return Check::warning(
            NAME,
            format!(
                "The Defender XDR connector \"{}\" streams incidents. The portal then shows the tenant-based \
                 connector as connected even if no alerts arrive, and you cannot disconnect it there.",
                document.name()
            ),
            "Check whether alerts of all subscriptions already arrive in the table SecurityAlert with ProductName \
             \"Azure Security Center\". If they do, you do not need the tenant-based connector.",
        );
    }
    if !connectors.iter().any(|document| document.is_kind(MICROSOFT_THREAT_PROTECTION)) {
        return Check::passed(NAME, "The workspace has no Defender XDR connector.");
    }
    Check::passed(
        NAME,
        "The Defender XDR connector of the workspace streams neither incidents nor the alerts of Defender for Cloud.",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prerequisites::check::Status;

    fn status(incidents: &str, alerts: &str, filter: &serde_json::Value) -> Status {
        let mut properties = json!({"dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": alerts}}});
        if !filter.is_null() {
            properties["filteredProviders"] = json!({"alerts": filter});
        }
        check(&Ok(vec![Document::new("x", MICROSOFT_THREAT_PROTECTION, properties)])).status
    }

    #[test]
    fn warns_only_about_incidents_and_unfiltered_alerts() {
        assert_eq!(check(&Ok(Vec::new())).status, Status::Passed);
        assert_eq!(status("Enabled", "Enabled", &json!([DEFENDER_FOR_CLOUD])), Status::Passed);
        assert_eq!(status("Disabled", "Enabled", &json!(null)), Status::Warning);
        assert_eq!(status("enabled", "Disabled", &json!(null)), Status::Warning);
        assert_eq!(status("Disabled", "Disabled", &json!(null)), Status::Passed);
    }

    #[test]
    fn describes_a_connector_for_other_products() {
        let properties = json!({
            "dataTypes": {"alerts": {"state": "Enabled"}, "deviceEvents": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        });

        let check = check(&Ok(vec![Document::new("x", MICROSOFT_THREAT_PROTECTION, properties)]));

        assert_eq!(check.status, Status::Passed);
        assert!(check.detail.contains("streams neither incidents nor the alerts of Defender for Cloud"));
    }
}
