//! The login settings, each with its source.

use secrecy::SecretString;

/// A value and its source for messages: "the argument client_id", "the environment variable ARM_CLIENT_ID".
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: String,
}

impl<T> Setting<T> {
    /// A value and its source.
    pub fn new(value: T, source: impl Into<String>) -> Self {
        Self { value, source: source.into() }
    }
}

/// The login arguments of Terraform's Azure providers. An empty string counts as absent.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `tenant_id`: the tenant to log in to.
    pub tenant_id: Option<Setting<String>>,
    /// `client_id`: the application or user-assigned managed identity.
    pub client_id: Option<Setting<String>>,
    /// `client_id_file_path`: the file with the client id.
    pub client_id_file_path: Option<Setting<String>>,
    /// `subscription_id`: selects the account of the Azure CLI if there is no tenant.
    pub subscription_id: Option<Setting<String>>,
    /// `auxiliary_tenant_ids`: further tenants to request tokens from.
    pub auxiliary_tenant_ids: Option<Setting<Vec<String>>>,

    /// `client_certificate`: base64 of a PKCS#12 bundle.
    pub client_certificate: Option<Setting<SecretString>>,
    /// `client_certificate_path`: file of the bundle.
    pub client_certificate_path: Option<Setting<String>>,
    /// `client_certificate_password`.
    pub client_certificate_password: Option<Setting<SecretString>>,

    /// `client_secret`.
    pub client_secret: Option<Setting<SecretString>>,
    /// `client_secret_file_path`: the file with the secret.
    pub client_secret_file_path: Option<Setting<String>>,

    /// `use_oidc`: allow the OIDC methods.
    pub use_oidc: Option<Setting<bool>>,
    /// `oidc_token`: the token itself.
    pub oidc_token: Option<Setting<SecretString>>,
    /// `oidc_token_file_path`: the file with the token, read for each new access token.
    pub oidc_token_file_path: Option<Setting<String>>,
    /// `oidc_request_url`: where GitHub or Azure DevOps issues tokens.
    pub oidc_request_url: Option<Setting<String>>,
    /// `oidc_request_token`: the token for that address.
    pub oidc_request_token: Option<Setting<SecretString>>,
    /// `ado_pipeline_service_connection_id` / `oidc_azure_service_connection_id`.
    pub oidc_azure_service_connection_id: Option<Setting<String>>,

    /// `use_aks_workload_identity`.
    pub use_aks_workload_identity: Option<Setting<bool>>,

    /// `use_msi`: allow managed identity.
    pub use_msi: Option<Setting<bool>>,
    /// `msi_endpoint`.
    pub msi_endpoint: Option<Setting<String>>,
    /// `msi_api_version`.
    pub msi_api_version: Option<Setting<String>>,

    /// `use_cli`: allow the Azure CLI. Defaults to true.
    pub use_cli: Option<Setting<bool>>,
}

impl Settings {
    /// The setting, unless it is empty: CI systems set variables to the empty string.
    pub(super) fn text(setting: &Option<Setting<String>>) -> Option<&Setting<String>> {
        setting.as_ref().filter(|setting| !setting.value.trim().is_empty())
    }

    /// The same for a secret.
    pub(super) fn secret(setting: &Option<Setting<SecretString>>) -> Option<&Setting<SecretString>> {
        use secrecy::ExposeSecret;
        setting.as_ref().filter(|setting| !setting.value.expose_secret().trim().is_empty())
    }

    pub(super) fn flag(setting: &Option<Setting<bool>>, default: bool) -> bool {
        setting.as_ref().map_or(default, |setting| setting.value)
    }
}
