//! The caller of a request: the claims of an access token.

use serde::{Deserialize, Serialize};

/// The claims that Entra puts into a token and the services read from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) appid: String,
    pub(crate) appidacr: String,
    /// Absent for a user whose account is in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idp: Option<String>,
    pub(crate) idtyp: String,
    pub(crate) oid: String,
    /// Application permissions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    /// Delegated permissions; absent for an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    pub(crate) sub: String,
    pub(crate) tid: String,
    pub(crate) uti: String,
    pub(crate) ver: String,
    /// Template IDs of the caller's directory roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wids: Vec<String>,
}
