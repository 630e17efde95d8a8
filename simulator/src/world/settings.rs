//! What the simulated Azure knows beside documents: identities, roles, behaviours, the Content Hub catalogue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deployments::{DeploymentRule, Run};

/// The `world` object of a world file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// How far the simulator's clock is ahead of the machine's.
    #[serde(default)]
    pub(crate) clock_offset_seconds: f64,
    /// Number of the last etag given; only ever grows.
    #[serde(default)]
    pub(crate) last_etag: u32,
    /// What the ready line says as `ARM_SUBSCRIPTION_ID`.
    pub(crate) default_subscription: String,
    pub(crate) tenants: Vec<Tenant>,
    /// Service principals; the ready line logs in as the first.
    pub(crate) applications: Vec<Application>,
    pub(crate) roles: BTreeMap<String, Role>,
    #[serde(default)]
    pub(crate) role_assignments: Vec<RoleAssignment>,
    #[serde(default)]
    pub(crate) behaviours: Behaviours,
    /// Consistency windows of workspaces that were just onboarded, by lower-cased workspace id.
    #[serde(default)]
    pub(crate) onboarding: BTreeMap<String, OnboardingWindow>,
    /// Deployments that have not ended, by lower-cased id.
    #[serde(default)]
    pub(crate) deployments: BTreeMap<String, Run>,
    /// Packages that are uninstalled and still seen, by lower-cased id.
    #[serde(default)]
    pub(crate) uninstalled: BTreeMap<String, Uninstalled>,
    #[serde(default)]
    pub(crate) catalogue: Catalogue,
}

/// An Entra tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tenant {
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    /// Also accepted in place of the id in login URLs.
    pub(crate) default_domain: String,
}

/// An application with its service principal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    /// Object id of the service principal: the principal of role assignments.
    pub(crate) object_id: String,
    pub(crate) display_name: String,
    pub(crate) tenant_id: String,
    /// More tenants in which the application has a service principal.
    #[serde(default)]
    pub(crate) other_tenants: Vec<String>,
    #[serde(default)]
    pub(crate) secrets: Vec<Secret>,
    #[serde(default)]
    pub(crate) federated_credentials: Vec<FederatedCredential>,
    /// Raw client assertions that are accepted as they are, without looking inside.
    #[serde(default)]
    pub(crate) accepted_assertions: Vec<String>,
}

/// A client secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secret {
    pub(crate) value: String,
    /// RFC 3339; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<String>,
}

/// A trust in tokens of another issuer. Their claims are compared; their signature is not verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederatedCredential {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
}

/// A role definition: actions with `*` as wildcard, compared without case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) actions: Vec<String>,
    #[serde(default)]
    pub(crate) not_actions: Vec<String>,
}

/// A role given to a principal on a scope and everything below it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAssignment {
    pub(crate) principal_id: String,
    pub(crate) scope: String,
    pub(crate) role: String,
}

/// Where Azure differs from time to time, from tenant to tenant, or from its documentation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Behaviours {
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
    pub(crate) refuse: Option<Refusal>,
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
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// When a new onboarding takes effect, in the simulator's time, RFC 3339.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnboardingWindow {
    pub(crate) visible_at: String,
    pub(crate) effective_at: String,
}

/// A package that is gone, and seen until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uninstalled {
    /// RFC 3339, in the simulator's time.
    pub(crate) visible_until: String,
    pub(crate) document: Value,
}

/// Content Hub, the same for every workspace.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Catalogue {
    /// `properties` of the products, in catalogue order. `packagedContent` may be left out: it is then made
    /// from the dependencies.
    pub(crate) packages: Vec<Value>,
    /// `properties` of the content templates that products bring.
    pub(crate) templates: Vec<Value>,
}

/// Credentials of an application.
#[derive(Clone, Debug)]
pub struct Login {
    /// Its home tenant.
    pub tenant_id: String,
    /// Its application id.
    pub client_id: String,
    /// Its first client secret.
    pub client_secret: String,
    /// The world's default subscription.
    pub subscription_id: String,
}

impl Settings {
    /// The login of the first application; empty if there is none.
    pub(crate) fn first_login(&self) -> Login {
        let first = self.applications.first();
        let secret = first.and_then(|application| application.secrets.first());
        Login {
            tenant_id: first.map(|application| application.tenant_id.clone()).unwrap_or_default(),
            client_id: first.map(|application| application.client_id.clone()).unwrap_or_default(),
            client_secret: secret.map(|secret| secret.value.clone()).unwrap_or_default(),
            subscription_id: self.default_subscription.clone(),
        }
    }
}

impl Default for Behaviours {
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
