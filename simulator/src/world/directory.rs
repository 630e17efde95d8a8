//! The directory of a tenant, which Microsoft Graph returns: users, groups, and directory roles.

use serde::{Deserialize, Serialize};

/// A user. The simulator has no interactive authentication, so `POST /_simulator/tokens` issues the tokens of users.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// The object ID, which role assignments, groups and directory roles refer to.
    pub(crate) object_id: String,
    pub(crate) user_principal_name: String,
    /// The tenant whose directory contains the user.
    pub(crate) tenant_id: String,
    /// The home tenant of a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home_tenant_id: Option<String>,
    /// Delegated permissions for Microsoft Graph, for example `User.Read`. If empty, Entra issues no token for Graph.
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
    /// The template ID, which is the same in every tenant.
    pub(crate) role_template_id: String,
    pub(crate) display_name: String,
    /// Object IDs of users, service principals and groups.
    #[serde(default)]
    pub(crate) members: Vec<String>,
}
