//! Kinds of data connector, and what a kind says about a document.

/// Defender XDR: one document a workspace, which several products share.
pub const MICROSOFT_THREAT_PROTECTION: &str = "MicrosoftThreatProtection";

/// Defender for Cloud alerts of a single subscription: the connector that the tenant-wide one replaces.
pub const AZURE_SECURITY_CENTER: &str = "AzureSecurityCenter";

/// The documents' resource type below the namespace `Microsoft.SecurityInsights`.
pub const RESOURCE_TYPE: &str = "dataConnectors";

/// The name of the connector page with the button that connects the alerts of the whole tenant.
pub const TENANT_CONNECTOR_PAGE: &str = "MicrosoftDefenderForCloudTenantBased";

/// Kinds of connector pages: they show something in the portal and connect nothing. Content Hub solutions put them into a
/// workspace, under names that look like connections ([`TENANT_CONNECTOR_PAGE`] is one).
const CONNECTOR_PAGES: [&str; 2] = ["GenericUI", "StaticUI"];

/// Kinds of other products in the published schemas, up to API version 2026-08-01-preview.
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

/// The documents' resource type with its namespace.
#[must_use]
pub fn full_type() -> String {
    format!("Microsoft.SecurityInsights/{RESOURCE_TYPE}")
}

/// Whether documents of this kind are connector pages, which can be deleted and put back without any effect on the data. Decides by
/// the kind, never by the name. Others are connections: data flows while their data types are on.
#[must_use]
pub fn is_connector_page(kind: &str) -> bool {
    CONNECTOR_PAGES.iter().any(|page| page.eq_ignore_ascii_case(kind))
}

/// What a kind is known to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Category {
    /// The Defender XDR connector.
    DefenderXdr,
    /// A connector page, which shows something in the portal and connects nothing.
    ConnectorPage,
    /// The older connector for the Defender for Cloud alerts of one subscription.
    SubscriptionConnector,
    /// A connector of another product.
    OtherProduct,
    /// In no published schema.
    Unpublished,
}

/// The category of a kind, compared without case.
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
    fn kinds_have_categories_in_any_case() {
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
