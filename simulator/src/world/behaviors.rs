//! Behaviors of Azure that vary by time or tenant, or that differ from its documentation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::pattern::Pattern;

/// The `behaviors` of a world.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Behaviors {
    /// Name of the cloud in the metadata. Azure CLI replaces the login endpoint of `AzureCloud`, so it needs another
    /// name. Defaults to `AzureCloud`.
    pub(crate) cloud_name: String,
    /// GET of a subscription succeeds for a caller who has roles only below it. Defaults to false: 403.
    pub(crate) subscription_readable_from_below: bool,
    /// Lifetime of access tokens. Defaults to 3599.
    pub(crate) token_lifetime_seconds: i64,
    /// Time from the PUT of an onboarding state until GET finds it. Defaults to 0.
    pub(crate) onboarding_visible_after_seconds: i64,
    /// Time from the PUT of an onboarding state until the rest of Sentinel works on the workspace. Defaults to 0.
    pub(crate) onboarding_effective_after_seconds: i64,
    /// The writes of the portal when an administrator selects **Connect** on the page of the tenant-based Defender for
    /// Cloud connector. Microsoft has not published them. Defaults to one write: Defender for Cloud in the filter of
    /// the Defender XDR connector.
    pub(crate) portal_connect: Vec<PortalWrite>,
    /// PUT over an existing data connector or alert rule requires its etag, else 409. Azure dropped this in 2022.
    /// Defaults to false.
    pub(crate) etag_required: bool,
    /// Requests to a workspace without Sentinel return 404 "Couldn't find workspaceMetadata" instead of 400 "is not
    /// onboarded". Azure returns both. Defaults to false.
    pub(crate) missing_sentinel_is_not_found: bool,
    /// Data connectors return `enabled` and `disabled` instead of `Enabled` and `Disabled`. Defaults to false.
    pub(crate) lower_case_states: bool,
    /// PUT of a data connector requires `dataTypes`, although the schema of its kind declares it optional. Defaults to
    /// false.
    pub(crate) data_types_required: bool,
    /// Data connector properties that are not in the kind's schema are kept instead of dropped. Defaults to
    /// false.
    pub(crate) keep_unknown_properties: bool,
    /// Data connector kinds of which a workspace can have only one. In the default world, most first-party kinds.
    pub(crate) one_connector_per_kind: Vec<String>,
    /// Data connector kinds that preview api-versions accept although no published schema has them. Defaults to
    /// `StaticUI`. The other known kinds are guesses: `MicrosoftDefenderForCloudTenantBased` with the data type
    /// `alerts`, and `MicrosoftDefenderForCloudTenant`, which accepts any data types and properties, or none.
    pub(crate) unpublished_connector_kinds: Vec<String>,
    /// Duration of a deployment, divided equally between accepting it and its operations. Defaults to 1500.
    pub(crate) deployment_milliseconds: u32,
    /// `Retry-After` of deployments and their status. Defaults to 1.
    pub(crate) deployment_retry_after_seconds: u32,
    /// How many deployments a resource group's history can hold. Defaults to 800.
    pub(crate) deployment_quota: usize,
    /// Code of the 409 for an active deployment: `DeploymentActive` (default) or `DeploymentActiveAndUneditable`. Azure
    /// returns both.
    pub(crate) deployment_active_code: String,
    /// The `details` of a failed deployment are strings of JSON instead of objects. Defaults to false.
    pub(crate) deployment_details_as_text: bool,
    /// Rules for deployment operations. The first matching rule applies. Defaults to none.
    pub(crate) deployment_rules: Vec<DeploymentRule>,
    /// PUT of a content package also deploys the package's content. Defaults to false.
    pub(crate) registration_brings_content: bool,
    /// DELETE of a content package also deletes its content templates. Defaults to true.
    pub(crate) uninstall_removes_templates: bool,
    /// Time from the DELETE of a content package until GET no longer finds it. Defaults to 0.
    pub(crate) uninstalled_visible_for_seconds: i64,
    /// The maximum number of rows in the result of a Log Analytics query. A result with more rows is partial. Defaults
    /// to Azure's limit, 500000.
    pub(crate) query_row_limit: usize,
    /// Subscriptions in which Defender for Cloud raises an alert before each PUT, PATCH and DELETE of Resource Manager,
    /// so that an alert arrives between any two steps of a client. If a subscription cannot raise alerts, because it
    /// does not exist or has no Defender plan, these requests fail. Defaults to none.
    pub(crate) alerts_before_writes: Vec<String>,
    /// Rules for documents that are written. Defaults to none.
    pub(crate) write_rules: Vec<WriteRule>,
    /// Responses of `dataConnectorsCheckRequirements` by kind; other kinds are `Valid`.
    pub(crate) requirements: BTreeMap<String, Value>,
}

/// One PUT of the portal. It merges into the workspace's data connector of the kind, or creates one with a GUID as its
/// name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PortalWrite {
    /// Kind of the data connector. Defaults to `MicrosoftThreatProtection`.
    pub(crate) kind: String,
    /// The api-version of the PUT. Defaults to `2025-10-01-preview`.
    pub(crate) api_version: String,
    /// The properties without `tenantId`, which is the tenant of the workspace. Defaults to enabled alerts with
    /// `microsoftDefenderForCloud` in the filter.
    pub(crate) properties: Value,
}

impl Default for PortalWrite {
    fn default() -> Self {
        Self {
            kind: "MicrosoftThreatProtection".to_owned(),
            api_version: "2025-10-01-preview".to_owned(),
            properties: json!({
                "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
                "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
            }),
        }
    }
}

/// A rule for PUT. The conditions `type`, `kind`, `scope` and `client_id` must all match. An absent condition matches
/// everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WriteRule {
    /// The resource type, such as `Microsoft.SecurityInsights/dataConnectors`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) resource_type: Option<String>,
    /// The document's `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// An ARM ID, which matches this resource and everything below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    /// The application that sends the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// The request fails with this error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refuse: Option<ServiceError>,
    /// JSON pointers to members that are removed before the document is stored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remove: Vec<String>,
    /// Elements that are removed from arrays, by JSON pointer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) remove_elements: BTreeMap<String, Vec<Value>>,
    /// Values that replace existing ones, by JSON pointer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) replace: BTreeMap<String, Value>,
}

/// An error response.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A rule for deployment operations. The conditions `deployment` and `resource` must both match. An absent condition
/// matches everything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DeploymentRule {
    /// Matches the name of the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deployment: Option<Pattern>,
    /// Matches the ID of the resource that the operation writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<Pattern>,
    /// The number of operations that the rule still applies to. If absent, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    /// The operation fails with this error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refuse: Option<ServiceError>,
    /// The operation and the deployment never end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hang: bool,
    /// The operation and all later ones end this much later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_milliseconds: Option<u32>,
}

impl Default for Behaviors {
    fn default() -> Self {
        Self {
            cloud_name: "AzureCloud".to_owned(),
            subscription_readable_from_below: false,
            token_lifetime_seconds: 3599,
            onboarding_visible_after_seconds: 0,
            onboarding_effective_after_seconds: 0,
            portal_connect: vec![PortalWrite::default()],
            etag_required: false,
            missing_sentinel_is_not_found: false,
            lower_case_states: false,
            data_types_required: false,
            keep_unknown_properties: false,
            one_connector_per_kind: Vec::new(),
            unpublished_connector_kinds: vec!["StaticUI".to_owned()],
            deployment_milliseconds: 1500,
            deployment_retry_after_seconds: 1,
            deployment_quota: 800,
            deployment_active_code: "DeploymentActive".to_owned(),
            deployment_details_as_text: false,
            deployment_rules: Vec::new(),
            registration_brings_content: false,
            uninstall_removes_templates: true,
            uninstalled_visible_for_seconds: 0,
            query_row_limit: 500_000,
            alerts_before_writes: Vec::new(),
            write_rules: Vec::new(),
            requirements: BTreeMap::new(),
        }
    }
}
