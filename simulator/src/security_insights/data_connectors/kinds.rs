//! The kinds of data connector as a table: in which api-versions they are, and what their properties look like.

use crate::security_insights::api_versions::{is_preview, is_since};

/// A kind in an api-version that has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) properties: Properties,
}

/// What the table says about the properties of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) enum Properties {
    /// Kept as they come, if these are among them: cards, codeless connectors.
    Open(&'static [&'static str]),
    Fields(&'static [Field]),
}

/// One property of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) content: Content,
}

/// What a property holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    /// The directory of the workspace's subscription.
    Tenant,
    /// A subscription id.
    Subscription,
    Text,
    /// Each of these data types with its `state`; `true`: it must be there.
    DataTypes(&'static [(&'static str, bool)]),
    /// `{"alerts": [provider, …]}`
    FilteredProviders,
}

/// The first api-version whose `MicrosoftThreatProtection` has `filteredProviders`.
const FILTERED_PROVIDERS_SINCE: &str = "2023-02-01";

/// The kind of that name, if the api-version has it. Kinds that the world calls unpublished are in the preview
/// versions, and take any properties where the table does not know them.
pub(super) fn find(name: &str, api_version: &str, unpublished: &[String]) -> Option<Kind> {
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

const TENANT: Field = Field { name: "tenantId", required: true, content: Content::Tenant };
const ALERTS: Field = data_types(&[("alerts", true)]);
const LOGS: Field = data_types(&[("logs", true)]);

const fn data_types(types: &'static [(&'static str, bool)]) -> Field {
    Field { name: "dataTypes", required: true, content: Content::DataTypes(types) }
}

const fn open(name: &'static str, required: &'static [&'static str]) -> Kind {
    Kind { name, properties: Properties::Open(required) }
}

const fn shaped(name: &'static str, fields: &'static [Field]) -> Kind {
    Kind { name, properties: Properties::Fields(fields) }
}

/// With `true`: in stable api-versions too.
const KINDS: &[(Kind, bool)] = &[
    (
        shaped(
            "AmazonWebServicesCloudTrail",
            &[Field { name: "awsRoleArn", required: false, content: Content::Text }, LOGS],
        ),
        true,
    ),
    (shaped("AzureActiveDirectory", &[TENANT, ALERTS]), true),
    (shaped("AzureAdvancedThreatProtection", &[TENANT, ALERTS]), true),
    (
        shaped(
            "AzureSecurityCenter",
            &[Field { name: "subscriptionId", required: true, content: Content::Subscription }, ALERTS],
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
                Field { name: "tipLookbackPeriod", required: false, content: Content::Text },
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
                // `advancedHunting` is in no published schema; connectors made by the portal have it.
                data_types(&[("incidents", true), ("alerts", false), ("advancedHunting", false)]),
                Field { name: "filteredProviders", required: false, content: Content::FilteredProviders },
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
        shaped("IOT", &[Field { name: "subscriptionId", required: false, content: Content::Subscription }, ALERTS]),
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

/// In no published schema. Which of them the service takes is for the world to say.
const UNPUBLISHED: &[(Kind, bool)] = &[
    (open("StaticUI", &["connectorUiConfig"]), false),
    (shaped("MicrosoftDefenderForCloudTenantBased", &[TENANT, ALERTS]), false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threat_protection_needs_a_preview_api_version() {
        let has = |version: &str| find("MicrosoftThreatProtection", version, &[]).is_some();
        assert!(has("2025-10-01-preview"));
        assert!(!has("2025-09-01"));
    }

    #[test]
    fn an_unpublished_kind_is_there_where_the_world_says_so() {
        let name = "MicrosoftDefenderForCloudTenantBased";
        assert!(find(name, "2025-10-01-preview", &[]).is_none());
        assert!(find(name, "2025-10-01-preview", &[name.to_owned()]).is_some());
        assert!(find(name, "2025-09-01", &[name.to_owned()]).is_none());
    }
}
