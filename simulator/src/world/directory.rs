//! The directory of a tenant, as Microsoft Graph shows it: users, groups, and who has which directory role.

use serde::{Deserialize, Serialize};

/// A user. Users log in interactively, which the simulator does not have: `POST /_simulator/tokens` issues their
/// tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// Role assignments, groups and directory roles refer to it.
    pub(crate) object_id: String,
    pub(crate) user_principal_name: String,
    /// The tenant in which the user is.
    pub(crate) tenant_id: String,
    /// The tenant of the account, if it is another one: the user is a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home_tenant_id: Option<String>,
    /// Delegated permissions for Microsoft Graph, for example `User.Read`. Without any, Entra issues no token for it.
    #[serde(default)]
    pub(crate) graph_scopes: Vec<String>,
}

/// A group.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub(crate) object_id: String,
    pub(crate) display_name: String,
    pub(crate) tenant_id: String,
    /// Object IDs of users, service principals and other groups.
    #[serde(default)]
    pub(crate) members: Vec<String>,
}

/// An active directory role in a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DirectoryRole {
    pub(crate) tenant_id: String,
    /// The same in every tenant.
    pub(crate) role_template_id: String,
    pub(crate) display_name: String,
    /// Object IDs of users, service principals and groups.
    #[serde(default)]
    pub(crate) members: Vec<String>,
}
