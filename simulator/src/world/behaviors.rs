//! How the simulated Azure behaves where the real one differs from time to time, from tenant to tenant, or from its
//! documentation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pattern::Pattern;

/// Where Azure differs from time to time, from tenant to tenant, or from its documentation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Behaviors {
    /// Lifetime of access tokens.
    pub(crate) token_lifetime_seconds: i64,
    /// From PUT of an onboarding state until GET finds it.
    pub(crate) onboarding_visible_after_seconds: i64,
    /// From PUT of an onboarding state until the rest of Sentinel works on the workspace.
    pub(crate) onboarding_effective_after_seconds: i64,
    /// Data connectors answer `enabled` and `disabled` instead of `Enabled` and `Disabled`.
    pub(crate) lower_case_states: bool,
    /// Data connector properties that the schema of the kind does not name are kept instead of dropped.
    pub(crate) keep_unknown_properties: bool,
    /// Kinds of data connector that a workspace can have one of.
    pub(crate) one_connector_per_kind: Vec<String>,
    /// Kinds that the service accepts on preview api-versions although no published schema names them.
    pub(crate) unpublished_connector_kinds: Vec<String>,
    /// How long a deployment takes, from the PUT to its end.
    pub(crate) deployment_milliseconds: u32,
    /// When clients are told to ask again how a deployment is.
    pub(crate) deployment_retry_after_seconds: u32,
    /// How many deployments the history of a resource group can have.
    pub(crate) deployment_quota: usize,
    /// `DeploymentActive` or `DeploymentActiveAndUneditable`: both are seen.
    pub(crate) deployment_active_code: String,
    /// The details of a failed deployment are texts with JSON in them, not objects.
    pub(crate) deployment_details_as_text: bool,
    /// What becomes of operations of deployments; the first that matches counts.
    pub(crate) deployment_rules: Vec<DeploymentRule>,
    /// PUT of a content package also brings the content of the catalogue's product.
    pub(crate) registration_brings_content: bool,
    /// DELETE of a content package takes its content templates too.
    pub(crate) uninstall_removes_templates: bool,
    /// From DELETE of a content package until GET does not find it any more.
    pub(crate) uninstalled_visible_for_seconds: i64,
    /// What the service does to documents that it is sent, or why it refuses them.
    pub(crate) write_rules: Vec<WriteRule>,
    /// Answers of `dataConnectorsCheckRequirements` by kind; others are `Valid`.
    pub(crate) requirements: BTreeMap<String, Value>,
}

/// A rule on PUT. All that is given of `type`, `kind`, `scope` and `client_id` must match.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WriteRule {
    /// `Microsoft.SecurityInsights/dataConnectors`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) resource_type: Option<String>,
    /// The document's `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// An ARM id: this resource and everything below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    /// The calling application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// Answered instead of writing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refuse: Option<ServiceError>,
    /// JSON pointers of what is dropped before the document is stored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remove: Vec<String>,
    /// By JSON pointer of an array: elements that are dropped.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) remove_elements: BTreeMap<String, Vec<Value>>,
    /// By JSON pointer of something that is there: what is stored in its place.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) replace: BTreeMap<String, Value>,
}

/// An error that the service answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// What becomes of the operations of deployments. All that is given must match.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DeploymentRule {
    /// On the deployment's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deployment: Option<Pattern>,
    /// On the id of the resource that the operation writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<Pattern>,
    /// How many operations it still meets; counted down. Absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    /// The operation fails with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refuse: Option<ServiceError>,
    /// The operation never ends, nor does the deployment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hang: bool,
    /// The operation, and all after it, take so much longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_milliseconds: Option<u32>,
}

impl Default for Behaviors {
    fn default() -> Self {
        Self {
            token_lifetime_seconds: 3599,
            onboarding_visible_after_seconds: 0,
            onboarding_effective_after_seconds: 0,
            lower_case_states: false,
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
            write_rules: Vec::new(),
            requirements: BTreeMap::new(),
        }
    }
}
