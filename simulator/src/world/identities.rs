//! Identities: tenants, applications and roles.

use serde::{Deserialize, Serialize};

/// An Entra tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tenant {
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    /// The domain, which URLs of Entra may contain instead of the ID.
    pub(crate) default_domain: String,
}

/// An application with its service principal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Application {
    pub(crate) client_id: String,
    /// Object ID of the service principal, which role assignments refer to.
    pub(crate) object_id: String,
    pub(crate) display_name: String,
    pub(crate) tenant_id: String,
    /// Other tenants in which the application has a service principal.
    #[serde(default)]
    pub(crate) other_tenants: Vec<String>,
    #[serde(default)]
    pub(crate) secrets: Vec<Secret>,
    /// Registered certificates: base64 of X.509 in DER, as `key` of Microsoft Graph's `keyCredentials`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) certificates: Vec<String>,
    /// Trust in every certificate of an authority with a subject, as `trustedSubjectNameAndIssuers`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) trusted_subjects: Vec<TrustedSubject>,
    #[serde(default)]
    pub(crate) federated_credentials: Vec<FederatedCredential>,
    /// Client assertions that are accepted without validation.
    #[serde(default)]
    pub(crate) accepted_assertions: Vec<String>,
    /// Application permissions for Microsoft Graph with an administrator's consent, for example `Directory.Read.All`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) graph_permissions: Vec<String>,
}

/// Trust in the certificates of an authority with this subject. Assertions must contain their chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrustedSubject {
    /// The certificate of the authority: base64 of X.509 in DER.
    pub(crate) authority: String,
    /// The common name in the subject of the certificate.
    pub(crate) subject: String,
}

/// A client secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secret {
    pub(crate) value: String,
    /// The expiry, in RFC 3339. If absent, the secret never expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<String>,
}

/// Trust in the tokens of another issuer. Claims are compared; the signature is not verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FederatedCredential {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
}

/// A role definition. Actions may contain the wildcard `*` and are case-insensitive.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) actions: Vec<String>,
    #[serde(default)]
    pub(crate) not_actions: Vec<String>,
}

/// A role that a principal has on a scope and everything below it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAssignment {
    pub(crate) principal_id: String,
    pub(crate) scope: String,
    pub(crate) role: String,
    /// When the assignment takes effect, in RFC 3339 and the simulator's time. If absent, it is already in effect. In
    /// Azure, an assignment takes minutes to take effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) effective_at: Option<String>,
}

/// Credentials of an application.
#[derive(Clone, Debug)]
pub struct Login {
    /// The home tenant of the application.
    pub tenant_id: String,
    /// The application ID.
    pub client_id: String,
    /// The first client secret.
    pub client_secret: String,
    /// The world's default subscription.
    pub subscription_id: String,
}
