//! Everything a user can say about logging in, each with where it came from.

use secrecy::SecretString;

/// A value and where the user gave it, as messages say it: "the argument client_id", "the environment variable
/// ARM_CLIENT_ID".
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub source: String,
}

impl<T> Setting<T> {
    /// A value and where it came from.
    pub fn new(value: T, source: impl Into<String>) -> Self {
        Self { value, source: source.into() }
    }
}

/// The login arguments of Terraform's Azure providers. What is absent is `None`; an empty text counts as absent.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `tenant_id`: directory to log in to.
    pub tenant_id: Option<Setting<String>>,
    /// `client_id`: application, or user-assigned managed identity.
    pub client_id: Option<Setting<String>>,
    /// `client_id_file_path`: file that holds the client id.
    pub client_id_file_path: Option<Setting<String>>,
    /// `subscription_id`: picks the account of the Azure CLI where no tenant is given.
    pub subscription_id: Option<Setting<String>>,
    /// `auxiliary_tenant_ids`: kept for later; tokens for further tenants.
    pub auxiliary_tenant_ids: Option<Setting<Vec<String>>>,

    /// `client_certificate`: base64 of a PKCS#12 bundle.
    pub client_certificate: Option<Setting<SecretString>>,
    /// `client_certificate_path`: file of the bundle.
    pub client_certificate_path: Option<Setting<String>>,
    /// `client_certificate_password`.
    pub client_certificate_password: Option<Setting<SecretString>>,

    /// `client_secret`.
    pub client_secret: Option<Setting<SecretString>>,
    /// `client_secret_file_path`: file that holds the secret.
    pub client_secret_file_path: Option<Setting<String>>,

    /// `use_oidc`: allow the OIDC methods.
    pub use_oidc: Option<Setting<bool>>,
    /// `oidc_token`: the token itself.
    pub oidc_token: Option<Setting<SecretString>>,
    /// `oidc_token_file_path`: file that holds it; read again whenever a new access token is needed.
    pub oidc_token_file_path: Option<Setting<String>>,
    /// `oidc_request_url`: where GitHub or Azure DevOps gives tokens.
    pub oidc_request_url: Option<Setting<String>>,
    /// `oidc_request_token`: what to ask there with.
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

    /// `use_cli`: allow the Azure CLI; allowed unless this says `false`.
    pub use_cli: Option<Setting<bool>>,
}

impl Settings {
    /// The setting, unless its text is empty: CI systems like to set variables to nothing.
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
