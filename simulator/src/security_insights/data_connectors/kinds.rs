//! Table of the data connector kinds: their api-versions and the schema of their properties.

use crate::security_insights::api_versions::{is_preview, is_since};

/// A data connector kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConnectorKind {
    pub(super) name: &'static str,
    pub(super) properties: Properties,
}

/// The schema of the properties of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) enum Properties {
    /// Any properties, of which these are required: connector pages, codeless connectors.
    Open(&'static [&'static str]),
    Fields(&'static [Field]),
}

/// A property of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) field_type: FieldType,
}

/// The type of a property.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldType {
    /// The tenant of the workspace's subscription.
    Tenant,
    /// A subscription id.
    Subscription,
    Text,
    /// Data types with a `state`; `true` means required.
    DataTypes(&'static [(&'static str, bool)]),
    /// `{"alerts": [provider, …]}`
    FilteredProviders,
}

/// The first api-version whose `MicrosoftThreatProtection` has `filteredProviders`.
const FILTERED_PROVIDERS_SINCE: &str = "2023-02-01";

/// The kind with this name, if the api-version has it. Preview api-versions also have the world's unpublished kinds.
pub(super) fn find(name: &str, api_version: &str, unpublished: &[String]) -> Option<ConnectorKind> {
    let preview = is_preview(api_version);
    if let Some((kind, stable)) = KINDS.iter().find(|(kind, _)| kind.name == name) {
        return (preview || *stable).then_some(*kind);
    }
    let unpublished = preview && unpublished.iter().any(|known| known == name);
    let (kind, _) = UNPUBLISHED.iter().find(|(kind, _)| kind.name == name).filter(|_| unpublished)?;
    Some(*kind)
}

pub(super) fn has_filtered_providers(api_version: &str) -> bool {
    is_preview(api_version) && is_since(api_version, FILTERED_PROVIDERS_SINCE)
}

const TENANT: Field = Field { name: "tenantId", required: true, field_type: FieldType::Tenant };
const ALERTS: Field = data_types(&[("alerts", true)]);
const LOGS: Field = data_types(&[("logs", true)]);

const fn data_types(types: &'static [(&'static str, bool)]) -> Field {
    Field { name: "dataTypes", required: true, field_type: FieldType::DataTypes(types) }
}

const fn open(name: &'static str, required: &'static [&'static str]) -> ConnectorKind {
    ConnectorKind { name, properties: Properties::Open(required) }
}

const fn shaped(name: &'static str, fields: &'static [Field]) -> ConnectorKind {
    ConnectorKind { name, properties: Properties::Fields(fields) }
}

/// Published kinds; `true` means that stable api-versions have it too.
const KINDS: &[(ConnectorKind, bool)] = &[
    (
        shaped(
            "AmazonWebServicesCloudTrail",
            &[Field { name: "awsRoleArn", required: false, field_type: FieldType::Text }, LOGS],
        ),
        true,
    ),
    (shaped("AzureActiveDirectory", &[TENANT, ALERTS]), true),
    (shaped("AzureAdvancedThreatProtection", &[TENANT, ALERTS]), true),
    (
        shaped(
            "AzureSecurityCenter",
            &[Field { name: "subscriptionId", required: true, field_type: FieldType::Subscription }, ALERTS],
        ),
        true,
    ),
    (shaped("MicrosoftCloudAppSecurity", &[TENANT, data_types(&[("alerts", true), ("discoveryLogs", false)])]), true),
    (shaped("MicrosoftDefenderAdvancedThreatProtection", &[TENANT, ALERTS]), true),
    (shaped("MicrosoftThreatIntelligence", &[TENANT, data_types(&[("microsoftEmergingThreatFeed", true)])]), true),
    (shaped("Office365", &[TENANT, data_types(&[("exchange", true), ("sharePoint", true), ("teams", true)])]), true),
    (shaped("PremiumMicrosoftDefenderForThreatIntelligence", &[TENANT, data_types(&[("connector", true)])]), true),
    (open("RestApiPoller", &["connectorDefinitionName", "auth", "request"]), true),
    (
        shaped(
            "ThreatIntelligence",
            &[
                TENANT,
                Field { name: "tipLookbackPeriod", required: false, field_type: FieldType::Text },
                data_types(&[("indicators", true)]),
            ],
        ),
        true,
    ),
    (
        shaped(
            "MicrosoftThreatProtection",
            &[
                TENANT,
                // `advancedHunting` is in no published schema, but connectors that the portal created have it.
                data_types(&[("incidents", true), ("alerts", false), ("advancedHunting", false)]),
                Field { name: "filteredProviders", required: false, field_type: FieldType::FilteredProviders },
            ],
        ),
        false,
    ),
    (open("GenericUI", &["connectorUiConfig"]), false),
    (open("APIPolling", &["connectorUiConfig"]), false),
    (open("AmazonWebServicesS3", &["destinationTable", "roleArn", "sqsUrls", "dataTypes"]), false),
    (shaped("Dynamics365", &[TENANT, data_types(&[("dynamics365CdsActivities", true)])]), false),
    (open("GCP", &["connectorDefinitionName", "auth", "request"]), false),
    (
        shaped(
            "IOT",
            &[Field { name: "subscriptionId", required: false, field_type: FieldType::Subscription }, ALERTS],
        ),
        false,
    ),
    (shaped("MicrosoftPurviewInformationProtection", &[TENANT, LOGS]), false),
    (shaped("Office365Project", &[TENANT, LOGS]), false),
    (shaped("OfficeATP", &[TENANT, ALERTS]), false),
    (shaped("OfficeIRM", &[TENANT, ALERTS]), false),
    (shaped("OfficePowerBI", &[TENANT, LOGS]), false),
    (open("PurviewAudit", &["tenantId", "dataTypes"]), false),
    (open("ThreatIntelligenceTaxii", &["tenantId", "pollingFrequency", "dataTypes"]), false),
];

/// Kinds in no published schema. The world decides which of them Azure accepts.
const UNPUBLISHED: &[(ConnectorKind, bool)] = &[
    (open("StaticUI", &["connectorUiConfig"]), false),
    (shaped("MicrosoftDefenderForCloudTenantBased", &[TENANT, ALERTS]), false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_protection_requires_a_preview_api_version() {
        let has = |version: &str| find("MicrosoftThreatProtection", version, &[]).is_some();
        assert!(has("2025-10-01-preview"));
        assert!(!has("2025-09-01"));
    }

    #[test]
    fn unpublished_kinds_depend_on_the_world() {
        let name = "MicrosoftDefenderForCloudTenantBased";
        assert!(find(name, "2025-10-01-preview", &[]).is_none());
        assert!(find(name, "2025-10-01-preview", &[name.to_owned()]).is_some());
        assert!(find(name, "2025-09-01", &[name.to_owned()]).is_none());
    }
}
