//! The kinds of data connectors.

/// The kind of the Defender XDR connector. A workspace has one such document, which several products share.
pub const MICROSOFT_THREAT_PROTECTION: &str = "MicrosoftThreatProtection";

/// The kind of a connector for the Defender for Cloud alerts of one subscription. The tenant-wide connector replaces
/// it.
pub const AZURE_SECURITY_CENTER: &str = "AzureSecurityCenter";

/// The resource type of data connectors, without the namespace `Microsoft.SecurityInsights`.
pub const RESOURCE_TYPE: &str = "dataConnectors";

/// The name of the connector page with the button that connects the alerts of the whole tenant.
pub const TENANT_CONNECTOR_PAGE: &str = "MicrosoftDefenderForCloudTenantBased";

/// The kinds of connector pages, which are portal pages and stream no data. Content Hub solutions create them, with
/// names that resemble those of connections, for example [`TENANT_CONNECTOR_PAGE`].
const CONNECTOR_PAGES: [&str; 2] = ["GenericUI", "StaticUI"];

/// The kinds of other products in the published schemas, up to API version 2026-08-01-preview.
const OTHER_PRODUCTS: [&str; 23] = [
    "AmazonWebServicesCloudTrail",
    "AmazonWebServicesS3",
    "APIPolling",
    "AzureActiveDirectory",
    "AzureAdvancedThreatProtection",
    "Dynamics365",
    "GCP",
    "IOT",
    "MicrosoftCloudAppSecurity",
    "MicrosoftDefenderAdvancedThreatProtection",
    "MicrosoftPurviewInformationProtection",
    "MicrosoftThreatIntelligence",
    "Office365",
    "Office365Project",
    "OfficeATP",
    "OfficeIRM",
    "OfficePowerBI",
    "PremiumMicrosoftDefenderForThreatIntelligence",
    "PurviewAudit",
    "Push",
    "RestApiPoller",
    "ThreatIntelligence",
    "ThreatIntelligenceTaxii",
];

/// The resource type of data connectors, with its namespace.
#[must_use]
pub fn full_type() -> String {
    format!("Microsoft.SecurityInsights/{RESOURCE_TYPE}")
}

/// Whether documents of this kind are connector pages, whose deletion has no effect on the data. Documents of all other
/// kinds are connections, which stream the data of their enabled data types.
#[must_use]
pub fn is_connector_page(kind: &str) -> bool {
    CONNECTOR_PAGES.iter().any(|page| page.eq_ignore_ascii_case(kind))
}

/// The category of a kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Category {
    /// The Defender XDR connector.
    DefenderXdr,
    /// A connector page.
    ConnectorPage,
    /// The older connector for the Defender for Cloud alerts of one subscription.
    SubscriptionConnector,
    /// A connector of another product.
    OtherProduct,
    /// A kind that no published schema contains.
    Unpublished,
}

/// Returns the category of a kind, ignoring case.
#[must_use]
pub fn category(kind: &str) -> Category {
    if is_connector_page(kind) {
        Category::ConnectorPage
    } else if kind.eq_ignore_ascii_case(MICROSOFT_THREAT_PROTECTION) {
        Category::DefenderXdr
    } else if kind.eq_ignore_ascii_case(AZURE_SECURITY_CENTER) {
        Category::SubscriptionConnector
    } else if OTHER_PRODUCTS.iter().any(|other| other.eq_ignore_ascii_case(kind)) {
        Category::OtherProduct
    } else {
        Category::Unpublished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categorizes_kinds_in_any_case() {
        for (kind, expected) in [
            ("microsoftthreatprotection", Category::DefenderXdr),
            ("StaticUI", Category::ConnectorPage),
            ("azuresecuritycenter", Category::SubscriptionConnector),
            ("OFFICE365", Category::OtherProduct),
            ("MicrosoftDefenderForCloudTenantBased", Category::Unpublished),
        ] {
            assert_eq!(category(kind), expected, "{kind}");
        }
    }

    #[test]
    fn recognizes_connector_pages_by_their_kind_in_any_case() {
        assert!(["GenericUI", "staticui"].into_iter().all(is_connector_page));
        assert!(!is_connector_page(TENANT_CONNECTOR_PAGE) && !is_connector_page("KindOfTheFuture"));
    }
}
