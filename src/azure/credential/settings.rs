//! The authentication settings of the provider block and the environment.

use secrecy::SecretString;

use super::secret_source::SecretSource;
use super::setting::{Interface, Setting};

/// The authentication settings, as in Terraform's other Azure providers. An empty string counts as not set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How messages name the settings.
    pub interface: Interface,
    /// `tenant_id`: the tenant of the identity.
    pub tenant_id: Option<Setting<String>>,
    /// `client_id`: the application, or the client ID or resource ID of the user-assigned managed identity.
    pub client_id: Option<Setting<String>>,
    /// `subscription_id`: selects the account of the Azure CLI if there is no tenant.
    pub subscription_id: Option<Setting<String>>,
    /// `auxiliary_tenant_ids`: other tenants to request tokens in.
    pub auxiliary_tenant_ids: Option<Setting<Vec<String>>>,

    /// `client_certificate` or `client_certificate_path`: a PKCS#12 bundle, or a PEM file.
    pub client_certificate: Option<SecretSource>,
    /// `client_certificate_password`.
    pub client_certificate_password: Option<Setting<SecretString>>,

    /// `client_secret` or `client_secret_file_path`.
    pub client_secret: Option<SecretSource>,

    /// `use_oidc`: allow the OIDC methods.
    pub use_oidc: Option<Setting<bool>>,
    /// `oidc_token` or `oidc_token_file_path`.
    pub oidc_token: Option<SecretSource>,
    /// `oidc_request_url`: the URL at which GitHub or Azure DevOps issues tokens.
    pub oidc_request_url: Option<Setting<String>>,
    /// `oidc_request_token`: the token for requests to that URL.
    pub oidc_request_token: Option<Setting<SecretString>>,
    /// `ado_pipeline_service_connection_id` / `oidc_azure_service_connection_id`.
    pub oidc_azure_service_connection_id: Option<Setting<String>>,

    /// The pipeline in which the provider runs, if it is one that needs a step of the user for OIDC.
    pub pipeline: Option<Pipeline>,

    /// `use_aks_workload_identity`.
    pub use_aks_workload_identity: Option<Setting<bool>>,
    /// The variables that AKS sets in a pod with a workload identity.
    pub pod: Pod,

    /// `use_msi`: allow managed identity.
    pub use_msi: Option<Setting<bool>>,
    /// `msi_endpoint`.
    pub msi_endpoint: Option<Setting<String>>,
    /// `msi_api_version`.
    pub msi_api_version: Option<Setting<String>>,

    /// The variables that a host with managed identities sets.
    pub identity_host: IdentityHost,

    /// `ARM_ACCESS_TOKEN`: a token for Azure Resource Manager.
    pub access_token: Option<Setting<SecretString>>,

    /// `use_dev_cli`: allow the Azure Developer CLI.
    pub use_dev_cli: Option<Setting<bool>>,

    /// `use_powershell`: allow Azure PowerShell.
    pub use_powershell: Option<Setting<bool>>,

    /// `use_cli`: allow the Azure CLI. Defaults to true.
    pub use_cli: Option<Setting<bool>>,
}

/// A pipeline whose jobs get no OIDC token by default.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pipeline {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI.
    GitLab,
}

/// The variables of a host with managed identities: App Service, Container Apps, Azure Arc. Virtual machines set none.
#[derive(Clone, Debug, Default)]
pub struct IdentityHost {
    /// `IDENTITY_ENDPOINT`.
    pub endpoint: Option<Setting<String>>,
    /// `IDENTITY_HEADER`: the secret with which App Service verifies that the request comes from the app.
    pub header: Option<Setting<SecretString>>,
    /// Whether `IMDS_ENDPOINT` is set, as Azure Arc does.
    pub has_imds_endpoint: bool,
    /// Whether the agent of Azure Arc is installed.
    pub has_arc_agent: bool,
    /// Whether `IDENTITY_SERVER_THUMBPRINT` is set.
    pub is_service_fabric: bool,
}

/// The variables of a pod with a workload identity of AKS.
#[derive(Clone, Debug, Default)]
pub struct Pod {
    /// `AZURE_TENANT_ID`.
    pub tenant_id: Option<Setting<String>>,
    /// `AZURE_CLIENT_ID`.
    pub client_id: Option<Setting<String>>,
    /// `AZURE_FEDERATED_TOKEN_FILE`: the path of the token, which Kubernetes renews.
    pub token_file: Option<Setting<String>>,
}

impl Settings {
    pub(super) fn flag(setting: &Option<Setting<bool>>, default: bool) -> bool {
        setting.as_ref().map_or(default, |setting| setting.value)
    }

    /// Whether a setting selects a method other than a client secret and the Azure CLI.
    pub(super) fn selects_other_method(&self) -> bool {
        let flags =
            [&self.use_oidc, &self.use_msi, &self.use_aks_workload_identity, &self.use_dev_cli, &self.use_powershell];
        flags.into_iter().any(|flag| Self::flag(flag, false))
            || self.client_certificate.is_some()
            || self.access_token.is_some()
    }

    /// The setting, if it is true.
    pub(super) fn enabled(setting: &Option<Setting<bool>>) -> Option<&Setting<bool>> {
        setting.as_ref().filter(|setting| setting.value)
    }
}
