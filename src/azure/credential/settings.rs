//! The login settings, each with its source.

use std::fmt;

use secrecy::SecretString;

use super::secret_source::SecretSource;

/// Where a setting comes from. Displays as messages name it: "the argument `client_id`", "the environment variable
/// ARM_CLIENT_ID".
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// An argument of the provider block.
    Argument(String),
    /// An environment variable.
    Variable(String),
}

impl Source {
    /// An argument of the provider block.
    pub fn argument(path: impl fmt::Display) -> Self {
        Self::Argument(path.to_string())
    }

    /// An environment variable.
    pub fn variable(name: impl fmt::Display) -> Self {
        Self::Variable(name.to_string())
    }

    /// How it ranks among other sources of the same setting, and of other login methods.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Argument(_) => Level::Argument,
            Self::Variable(name) if name.starts_with("ARM_") => Level::Arm,
            Self::Variable(_) => Level::Other,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(path) => write!(f, "the argument `{path}`"),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// How a source ranks. An earlier level hides the later ones.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// The provider block.
    Argument,
    /// The variables of Terraform's Azure providers, `ARM_*`.
    Arm,
    /// The variables of Azure's SDKs (`AZURE_*`) and of pipelines.
    Other,
    /// Nothing asks for it.
    Default,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Setting<T> {
    /// A value and its source.
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

/// The login arguments of Terraform's Azure providers. An empty string counts as absent.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `tenant_id`: the tenant to log in to.
    pub tenant_id: Option<Setting<String>>,
    /// `client_id`: the application or user-assigned managed identity.
    pub client_id: Option<Setting<String>>,
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

    /// `client_secret` or `client_secret_file_path`.
    pub client_secret: Option<SecretSource>,

    /// `use_oidc`: allow the OIDC methods.
    pub use_oidc: Option<Setting<bool>>,
    /// `oidc_token` or `oidc_token_file_path`.
    pub oidc_token: Option<SecretSource>,
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

    /// Whether a setting asks for a method other than a client secret and the Azure CLI.
    pub(super) fn selects_other_method(&self) -> bool {
        let flags = [&self.use_oidc, &self.use_msi, &self.use_aks_workload_identity];
        flags.into_iter().any(|flag| Self::flag(flag, false))
            || Self::secret(&self.client_certificate).is_some()
            || Self::text(&self.client_certificate_path).is_some()
    }

    /// The setting, if it is true.
    pub(super) fn enabled(setting: &Option<Setting<bool>>) -> Option<&Setting<bool>> {
        setting.as_ref().filter(|setting| setting.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_rank_before_arm_variables_and_these_before_others() {
        let levels =
            [Source::argument("client_id"), Source::variable("ARM_CLIENT_ID"), Source::variable("AZURE_CLIENT_ID")]
                .map(|source| source.level());

        assert!(levels.is_sorted() && levels[0] < levels[1] && levels[1] < levels[2], "{levels:?}");
        assert_eq!(Source::variable("SYSTEM_ACCESSTOKEN").level(), Level::Other);
    }
}
