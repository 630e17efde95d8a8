//! Whether a workspace receives the Defender for Cloud alerts of its whole tenant, according to its data connectors.
//!
//! This requires the list of a preview API version, because stable versions omit the Defender XDR connector. Only the
//! kind and the settings of a connector count. The connector page named `MicrosoftDefenderForCloudTenantBased` does
//! not.

use crate::defender_xdr::{DEFENDER_FOR_CLOUD, DataType, Part, is_defender_for_cloud, named_providers, streaming};
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::tenant_connector::contract::is_dedicated_kind;

use super::listed_connector::ListedConnector;

/// Whether tenant-wide alerts are connected, and through which data connector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TenantWide<'a> {
    /// The Defender XDR connector streams the alerts of Defender for Cloud, which is in its filter.
    Named(&'a Document),
    /// The Defender XDR connector streams the alerts of all products, because it has no filter.
    Unfiltered(&'a Document),
    /// A connector of an undocumented kind that is named after Defender for Cloud is connected.
    Dedicated(&'a Document),
    /// Only the incidents of Defender XDR are enabled. The portal then shows the tenant-based connector as connected,
    /// and Microsoft's documentation is contradictory about the alerts.
    OnlyIncidents(&'a Document),
    /// A connector of an undocumented kind does not show whether alerts are enabled.
    Unclear(&'a Document),
    /// No data connector streams the alerts.
    No,
}

impl<'a> TenantWide<'a> {
    /// Evaluates all data connectors of a workspace.
    #[must_use]
    pub fn of(documents: &'a [Document]) -> Self {
        let dedicated = |connected: Option<bool>| {
            documents.iter().find(|document| {
                !document.is_connector_page()
                    && is_dedicated_kind(document.kind())
                    && ListedConnector::of(document).connected == connected
            })
        };
        let xdr = || documents.iter().filter(|document| document.is_kind(MICROSOFT_THREAT_PROTECTION));
        let is_named = |document: &&Document| {
            named_providers(document).is_some_and(|names| names.into_iter().any(is_defender_for_cloud))
        };
        if let Some(document) = xdr().find(is_named) {
            Self::Named(document)
        } else if let Some(document) = dedicated(Some(true)) {
            Self::Dedicated(document)
        } else if let Some((document, _)) = streaming(documents, &Part::alerts_of(DEFENDER_FOR_CLOUD)) {
            Self::Unfiltered(document)
        } else if let Some(document) = dedicated(None) {
            Self::Unclear(document)
        } else if let Some(document) = xdr().find(|document| DataType::incidents().is_enabled(document)) {
            Self::OnlyIncidents(document)
        } else {
            Self::No
        }
    }

    /// Whether tenant-wide alerts are connected. `None` if the data connectors do not determine this.
    #[must_use]
    pub fn is_connected(self) -> Option<bool> {
        match self {
            Self::Named(_) | Self::Unfiltered(_) | Self::Dedicated(_) => Some(true),
            Self::OnlyIncidents(_) | Self::Unclear(_) => None,
            Self::No => Some(false),
        }
    }

    /// The data connector that determines the result.
    #[must_use]
    pub fn connector(self) -> Option<&'a Document> {
        match self {
            Self::Named(document)
            | Self::Unfiltered(document)
            | Self::Dedicated(document)
            | Self::OnlyIncidents(document)
            | Self::Unclear(document) => Some(document),
            Self::No => None,
        }
    }

    /// The reason for the result, in a few sentences.
    #[must_use]
    pub fn reason(self) -> String {
        const CHECK_TABLE: &str = "To find out, check whether alerts of several subscriptions arrive in the table \
                                   SecurityAlert with ProductName \"Azure Security Center\".";
        let name = self.connector().map(Document::name).unwrap_or_default();
        match self {
            Self::Named(_) => {
                format!("The Defender XDR connector \"{name}\" streams the alerts of Defender for Cloud.")
            }
            Self::Unfiltered(_) => format!(
                "The Defender XDR connector \"{name}\" streams alerts without a filter, so those of Defender for Cloud \
                 are included."
            ),
            Self::Dedicated(document) => {
                format!(
                    "The data connector \"{name}\" of the undocumented kind \"{}\" has alerts enabled.",
                    document.kind()
                )
            }
            Self::OnlyIncidents(_) => format!(
                "The Defender XDR connector \"{name}\" streams incidents, but no alerts of Defender for Cloud. The portal \
                 then shows the tenant-based connector as connected, whether or not its alerts arrive. {CHECK_TABLE}"
            ),
            Self::Unclear(document) => format!(
                "The data connector \"{name}\" of the undocumented kind \"{}\" does not show whether alerts are \
                 enabled. {CHECK_TABLE}",
                document.kind()
            ),
            Self::No => "No data connector streams the Defender for Cloud alerts of the whole tenant.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn xdr(alerts: &str, filter: &Value, incidents: &str) -> Document {
        let mut properties = json!({"dataTypes": {"alerts": {"state": alerts}, "incidents": {"state": incidents}}});
        if !filter.is_null() {
            properties["filteredProviders"] = json!({"alerts": filter});
        }
        Document::new("x", "microsoftthreatprotection", properties)
    }

    fn of(document: Document) -> Option<bool> {
        TenantWide::of(&[document]).is_connected()
    }

    #[test]
    fn ignores_the_connector_page() {
        let page = json!({"dataTypes": {"alerts": {"state": "Enabled"}}});

        assert_eq!(of(Document::new("MicrosoftDefenderForCloudTenantBased", "GenericUI", page)), Some(false));
    }

    #[test]
    fn connected_if_alerts_are_enabled_and_pass_the_filter() {
        let named = json!(["microsoftDefenderForIdentity", "MicrosoftDefenderForCloud"]);
        for (document, expected) in [
            (xdr("Enabled", &named, "Disabled"), Some(true)),
            (xdr("enabled", &json!(["microsoftDefenderForCloudTenant"]), "Disabled"), Some(true)),
            (xdr("Enabled", &Value::Null, "Enabled"), Some(true)),
            (xdr("Disabled", &named, "Disabled"), Some(false)),
            (xdr("Enabled", &json!(["microsoftDefenderForCloudApps"]), "Disabled"), Some(false)),
            (xdr("Enabled", &json!([]), "Disabled"), Some(false)),
        ] {
            assert_eq!(of(document.clone()), expected, "{document:?}");
        }
    }

    #[test]
    fn incidents_alone_do_not_determine_the_result() {
        assert_eq!(of(xdr("Disabled", &Value::Null, "Enabled")), None);
        assert_eq!(of(xdr("Enabled", &json!(["microsoftDefenderForIdentity"]), "Enabled")), None);
    }

    #[test]
    fn state_of_a_dedicated_connector_determines_the_result() {
        let dedicated = |properties| Document::new("d", "MicrosoftDefenderForCloudTenantBased", properties);

        assert_eq!(of(dedicated(json!({"dataTypes": {"alerts": {"state": "Enabled"}}}))), Some(true));
        assert_eq!(of(dedicated(json!({"dataTypes": {"alerts": {"state": "Disabled"}}}))), Some(false));
        assert_eq!(of(dedicated(json!({"tenantId": "t"}))), None);
    }

    #[test]
    fn ignores_the_subscription_based_connector() {
        let properties = json!({"subscriptionId": "s", "dataTypes": {"alerts": {"state": "Enabled"}}});

        assert_eq!(of(Document::new("a", "AzureSecurityCenter", properties)), Some(false));
    }

    #[test]
    fn prefers_a_connector_with_defender_for_cloud_in_its_filter() {
        let documents =
            [xdr("Enabled", &Value::Null, "Disabled"), xdr("Enabled", &json!(["azureSecurityCenter"]), "x")];

        assert_eq!(TenantWide::of(&documents), TenantWide::Named(&documents[1]));
    }
}
