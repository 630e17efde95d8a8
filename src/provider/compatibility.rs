//! Every argument and environment variable of azurerm 5 and azapi 2, and its meaning in this provider.
//!
//! Pipelines set these variables for all Azure providers at once. This table defines which of them the provider reads, and why
//! it ignores the others. `cargo xtask docs` generates the guide "Provider settings compared with azurerm and azapi" from it,
//! and tests check that the provider follows it.

use super::arguments::{self, Row};
use super::endpoint::{self, ENDPOINT};

/// A setting of another provider.
#[derive(Clone, Copy, Debug)]
pub struct ForeignSetting {
    /// The argument. `None` if only an environment variable sets it.
    pub argument: Option<&'static str>,
    /// The environment variables that the other providers read. They use the first one that is set.
    pub env_vars: &'static [&'static str],
    /// The providers that have the setting.
    pub known_to: &'static str,
    /// The meaning in this provider.
    pub meaning: Meaning,
}

/// The meaning of another provider's setting in this provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meaning {
    /// The same as in the other provider. The argument and the variables have the same names.
    Same,
    /// The provider reads only its variables. The sentence describes them.
    Variables(&'static str),
    /// None, for this reason. The provider ignores the variables silently. Terraform reports an error for the argument.
    Ignored(&'static str),
}

impl ForeignSetting {
    /// The description of the setting for the documentation.
    #[must_use]
    pub fn description(&self) -> &'static str {
        match self.meaning {
            Meaning::Same => self.row().map(|row| row.description).unwrap_or_default(),
            Meaning::Variables(text) | Meaning::Ignored(text) => text,
        }
    }

    /// The environment variables that this provider reads, in order. There can be more than in the other providers.
    #[must_use]
    pub fn env_vars_here(&self) -> &'static [&'static str] {
        match self.meaning {
            Meaning::Same => self.row().map(|row| row.env_vars).unwrap_or_default(),
            Meaning::Variables(_) => self.env_vars,
            Meaning::Ignored(_) => &[],
        }
    }

    /// The argument of this provider with the same name.
    fn row(&self) -> Option<&'static Row> {
        let name = self.argument?;
        let nested = name.strip_prefix(ENDPOINT.name()).and_then(|rest| rest.strip_prefix('.'));
        let (rows, name) = nested.map_or((arguments::ROWS, name), |nested| (endpoint::ROWS, nested));
        rows.iter().find(|row| row.name == name)
    }
}

const BOTH: &str = "azurerm, azapi";
const AZURERM: &str = "azurerm";
const AZAPI: &str = "azapi";
const BACKEND: &str = "backend azurerm";

const fn same(argument: &'static str, env_vars: &'static [&'static str], known_to: &'static str) -> ForeignSetting {
    ForeignSetting { argument: Some(argument), env_vars, known_to, meaning: Meaning::Same }
}

const fn variables(env_vars: &'static [&'static str], known_to: &'static str, meaning: &'static str) -> ForeignSetting {
    ForeignSetting { argument: None, env_vars, known_to, meaning: Meaning::Variables(meaning) }
}

const fn ignored(
    argument: Option<&'static str>,
    env_vars: &'static [&'static str],
    known_to: &'static str,
    reason: &'static str,
) -> ForeignSetting {
    ForeignSetting { argument, env_vars, known_to, meaning: Meaning::Ignored(reason) }
}

const NO_REGISTRATION: &str = "The provider never registers resource providers.";
const NO_VALIDATION: &str =
    "The provider always validates the configuration during the plan. `preflight` controls additional checks.";
const ONLY_AZAPI_RESOURCES: &str = "Applies only to azapi resources.";
const ONLY_BACKEND: &str = "Configures the state backend, which Terraform uses without this provider.";

/// All settings of azurerm 5 and azapi 2.
pub const FOREIGN_SETTINGS: &[ForeignSetting] = &[
    same("tenant_id", &["ARM_TENANT_ID"], BOTH),
    same("subscription_id", &["ARM_SUBSCRIPTION_ID"], BOTH),
    same("client_id", &["ARM_CLIENT_ID", "AZURE_CLIENT_ID"], BOTH),
    same("client_id_file_path", &["ARM_CLIENT_ID_FILE_PATH"], BOTH),
    same("client_secret", &["ARM_CLIENT_SECRET"], BOTH),
    same("client_secret_file_path", &["ARM_CLIENT_SECRET_FILE_PATH"], BOTH),
    same("client_certificate", &["ARM_CLIENT_CERTIFICATE"], BOTH),
    same("client_certificate_path", &["ARM_CLIENT_CERTIFICATE_PATH"], BOTH),
    same("client_certificate_password", &["ARM_CLIENT_CERTIFICATE_PASSWORD"], BOTH),
    same("use_oidc", &["ARM_USE_OIDC"], BOTH),
    same("oidc_token", &["ARM_OIDC_TOKEN"], BOTH),
    same("oidc_token_file_path", &["ARM_OIDC_TOKEN_FILE_PATH"], BOTH),
    same("oidc_request_url", &["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"], BOTH),
    same(
        "oidc_request_token",
        &["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"],
        BOTH,
    ),
    same(
        "ado_pipeline_service_connection_id",
        &["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"],
        AZURERM,
    ),
    same(
        "oidc_azure_service_connection_id",
        &[
            "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
            "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        ],
        AZAPI,
    ),
    same("use_aks_workload_identity", &["ARM_USE_AKS_WORKLOAD_IDENTITY"], BOTH),
    variables(
        &["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID"],
        BOTH,
        "AKS sets them in a pod. Used with `use_aks_workload_identity`. With `use_oidc`, used only if no other OIDC token is set.",
    ),
    same("use_msi", &["ARM_USE_MSI"], BOTH),
    same("msi_endpoint", &["ARM_MSI_ENDPOINT"], AZURERM),
    same("msi_api_version", &["ARM_MSI_API_VERSION"], AZURERM),
    same("use_cli", &["ARM_USE_CLI"], BOTH),
    same("auxiliary_tenant_ids", &["ARM_AUXILIARY_TENANT_IDS"], BOTH),
    same("environment", &["ARM_ENVIRONMENT"], BOTH),
    same("metadata_host", &["ARM_METADATA_HOSTNAME"], AZURERM),
    same("endpoint.resource_manager_endpoint", &["ARM_RESOURCE_MANAGER_ENDPOINT"], AZAPI),
    same("endpoint.resource_manager_audience", &["ARM_RESOURCE_MANAGER_AUDIENCE"], AZAPI),
    same("endpoint.active_directory_authority_host", &["ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"], AZAPI),
    same("partner_id", &["ARM_PARTNER_ID"], BOTH),
    same("disable_terraform_partner_id", &["ARM_DISABLE_TERRAFORM_PARTNER_ID"], BOTH),
    same("custom_correlation_request_id", &["ARM_CORRELATION_REQUEST_ID"], BOTH),
    same("disable_correlation_request_id", &["ARM_DISABLE_CORRELATION_REQUEST_ID"], BOTH),
    variables(
        &["TF_APPEND_USER_AGENT", "AZURE_HTTP_USER_AGENT"],
        BOTH,
        "Text that the provider appends to the user agent.",
    ),
    ignored(Some("features"), &[], AZURERM, "Applies only to azurerm resources."),
    ignored(
        Some("resource_provider_registrations"),
        &["ARM_RESOURCE_PROVIDER_REGISTRATIONS"],
        AZURERM,
        NO_REGISTRATION,
    ),
    ignored(Some("resource_providers_to_register"), &[], AZURERM, NO_REGISTRATION),
    ignored(Some("skip_provider_registration"), &["ARM_SKIP_PROVIDER_REGISTRATION"], BOTH, NO_REGISTRATION),
    ignored(
        Some("enhanced_validation"),
        &[
            "ARM_PROVIDER_ENHANCED_VALIDATION",
            "ARM_PROVIDER_ENHANCED_VALIDATION_LOCATIONS",
            "ARM_PROVIDER_ENHANCED_VALIDATION_RESOURCE_PROVIDERS",
            "ARM_PROVIDER_ENHANCED_VALIDATION_PREFLIGHT_ENABLED",
        ],
        AZURERM,
        NO_VALIDATION,
    ),
    ignored(
        Some("storage_use_azuread"),
        &["ARM_STORAGE_USE_AZUREAD"],
        AZURERM,
        "The provider does not use Azure Storage.",
    ),
    ignored(Some("enable_preflight"), &["ARM_ENABLE_PREFLIGHT"], AZAPI, NO_VALIDATION),
    ignored(
        Some("disable_instance_discovery"),
        &["ARM_DISABLE_INSTANCE_DISCOVERY"],
        AZAPI,
        "The provider never requests the list of known clouds from Microsoft Entra.",
    ),
    ignored(
        Some("always_acquire_policy_token"),
        &["ARM_ALWAYS_ACQUIRE_POLICY_TOKEN"],
        AZAPI,
        "The provider does not request policy tokens.",
    ),
    ignored(Some("maximum_busy_retry_attempts"), &[], AZAPI, "The `timeouts` of a resource limit the retries."),
    ignored(Some("default_location"), &[], AZAPI, "No resource of this provider has a location."),
    ignored(Some("default_name"), &[], AZAPI, ONLY_AZAPI_RESOURCES),
    ignored(Some("default_tags"), &[], AZAPI, "No resource of this provider has tags."),
    ignored(Some("disable_default_output"), &["ARM_DISABLE_DEFAULT_OUTPUT"], AZAPI, ONLY_AZAPI_RESOURCES),
    ignored(Some("ignore_no_op_changes"), &["ARM_IGNORE_NO_OP_CHANGES"], AZAPI, ONLY_AZAPI_RESOURCES),
    ignored(Some("preserve_resource_id_casing"), &["ARM_PRESERVE_RESOURCE_ID_CASING"], AZAPI, ONLY_AZAPI_RESOURCES),
    ignored(None, &["ARM_ACCESS_KEY", "ARM_SAS_TOKEN", "ARM_USE_AZUREAD", "ARM_SNAPSHOT"], BACKEND, ONLY_BACKEND),
];

#[cfg(test)]
mod tests;
