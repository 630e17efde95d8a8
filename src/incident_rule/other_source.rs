//! Other sources of incidents from the alerts of a product. With another source, a rule creates each incident twice.

use super::product::{AZURE_SECURITY_CENTER, DEFENDER_FOR_IOT};
use crate::defender_xdr::{self, DEFENDER_FOR_CLOUD, Part};
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// Another source of incidents.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OtherSource {
    /// Incidents of Defender XDR, which contain the alerts of all products that it integrates.
    DefenderXdr,
    /// The tenant-based connector. Its alerts come from Defender XDR together with their incidents.
    TenantConnector,
}

/// Finds another source of incidents from the alerts of `product` among the data connectors of the workspace.
#[must_use]
pub fn other_source(product: &str, connectors: &[Document]) -> Option<OtherSource> {
    let is_xdr =
        |document: &&Document| document.is_kind(MICROSOFT_THREAT_PROTECTION) && document.is_enabled(&["incidents"]);
    if product != DEFENDER_FOR_IOT && connectors.iter().any(|document| is_xdr(&document)) {
        return Some(OtherSource::DefenderXdr);
    }
    let streams = || defender_xdr::streaming(connectors, &Part::alerts_of(DEFENDER_FOR_CLOUD)).is_some();
    (product == AZURE_SECURITY_CENTER && streams()).then_some(OtherSource::TenantConnector)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn xdr(incidents: &str, alerts: &str) -> [Document; 1] {
        let properties = json!({
            "dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": alerts}},
            "filteredProviders": {"alerts": [DEFENDER_FOR_CLOUD]},
        });
        [Document::new("x", MICROSOFT_THREAT_PROTECTION, properties)]
    }

    #[test]
    fn xdr_incidents_contain_the_alerts_of_all_integrated_products() {
        let connectors = xdr("enabled", "Disabled");

        assert_eq!(other_source(AZURE_SECURITY_CENTER, &connectors), Some(OtherSource::DefenderXdr));
        assert_eq!(other_source("Microsoft Cloud App Security", &connectors), Some(OtherSource::DefenderXdr));
        assert_eq!(other_source(DEFENDER_FOR_IOT, &connectors), None);
    }

    #[test]
    fn tenant_connector_is_a_source_only_for_defender_for_cloud() {
        let connectors = xdr("Disabled", "Enabled");

        assert_eq!(other_source(AZURE_SECURITY_CENTER, &connectors), Some(OtherSource::TenantConnector));
        assert_eq!(other_source("Microsoft Cloud App Security", &connectors), None);
        assert_eq!(other_source(AZURE_SECURITY_CENTER, &xdr("Disabled", "Disabled")), None);
    }
}
