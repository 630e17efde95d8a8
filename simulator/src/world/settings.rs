//! Settings without a document in Azure: the `world` object of a world file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::behaviors::Behaviors;
use super::deployments::RunningDeployment;
use super::directory::{DirectoryRole, Group, User};
use super::identities::{Application, Login, Role, RoleAssignment, Tenant};
use super::machine::Machine;
use super::pipelines::Job;
use super::tables::Tables;

/// The `world` object of a world file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// How far the simulator's clock is ahead of the machine's.
    #[serde(default)]
    pub(crate) clock_offset_seconds: f64,
    /// Number of the last etag.
    #[serde(default)]
    pub(crate) last_etag: u32,
    /// `ARM_SUBSCRIPTION_ID` of the startup output.
    pub(crate) default_subscription: String,
    pub(crate) tenants: Vec<Tenant>,
    /// Applications. The startup output contains the credentials of the first.
    pub(crate) applications: Vec<Application>,
    /// Users, for identities that are not applications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) users: Vec<User>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<Group>,
    /// Active directory roles of Microsoft Entra.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) directory_roles: Vec<DirectoryRole>,
    /// Roles of Azure by name.
    pub(crate) roles: BTreeMap<String, Role>,
    #[serde(default)]
    pub(crate) role_assignments: Vec<RoleAssignment>,
    /// Running jobs of pipelines, which may request OIDC tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) pipelines: Vec<Job>,
    /// The machine on which the client runs, if it has managed identities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<Machine>,
    #[serde(default)]
    pub(crate) behaviors: Behaviors,
    /// Open consistency windows of onboarded workspaces, by lower-case workspace ID.
    #[serde(default)]
    pub(crate) onboarding: BTreeMap<String, OnboardingWindow>,
    /// When the onboarding of a workspace ended, by lower-case workspace ID; RFC 3339, in the simulator's time.
    #[serde(default)]
    pub(crate) offboarded: BTreeMap<String, String>,
    /// Deployments that have not ended, by lower-case ID.
    #[serde(default)]
    pub(crate) deployments: BTreeMap<String, RunningDeployment>,
    /// Uninstalled packages that reads still return, by lower-case ID.
    #[serde(default)]
    pub(crate) uninstalled: BTreeMap<String, Uninstalled>,
    /// The tenants' alert service setting in Defender XDR, by tenant ID: whether Defender XDR ingests alerts of
    /// Defender for Cloud. Defaults to true.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) alert_service: BTreeMap<String, bool>,
    /// Rows of the workspaces' tables, by lower-case workspace ID and table name, oldest first.
    #[serde(default, skip_serializing_if = "Tables::is_empty")]
    pub(crate) tables: Tables,
    #[serde(default)]
    pub(crate) catalog: Catalog,
}

/// When a new onboarding becomes visible and effective; RFC 3339, in the simulator's time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnboardingWindow {
    pub(crate) visible_at: String,
    pub(crate) effective_at: String,
}

/// An uninstalled package that reads still return.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uninstalled {
    /// RFC 3339, in the simulator's time.
    pub(crate) visible_until: String,
    pub(crate) document: Value,
}

/// The Content Hub catalog, the same for every workspace.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Catalog {
    /// `properties` of the packages, in catalog order. If `packagedContent` is absent, it is generated from the
    /// dependencies.
    pub(crate) packages: Vec<Value>,
    /// `properties` of the content templates of the packages.
    pub(crate) templates: Vec<Value>,
}

impl Settings {
    /// The credentials of the first application, or empty strings if the world has no application.
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
