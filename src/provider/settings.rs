//! The settings of the provider: the provider block merged with the environment variables.
//!
//! An argument in the configuration overrides its environment variable, even if it is `false` or empty. For example,
//! `client_secret = ""` overrides a variable that the machine has set. Null counts as not set. azurerm and azapi do the
//! same. An argument with fixed values (`environment`, `preflight`) must not be empty.
//!
//! `sources.rs` lists the settings that several arguments can set, and `precedence.rs` decides which of them applies.

mod reader;

use super::arguments::{self, Argument};
use super::cloud_settings::{CloudSettings, ServiceSettings};
use super::endpoint::{self, ENDPOINT};
use super::env_vars::EnvVars;
use super::id_format::{is_guid, is_http, is_https, is_identity_id, is_partner, is_tenant};
use super::sources;
use crate::azure::api_version;
use crate::azure::credential::{
    CertificateError, CertificateSetting, IdentityHost, Interface, Pipeline, Pod, Setting, Settings, Source,
    is_arc_agent_installed,
};
use crate::azure::user_agent::UserAgent;
use crate::azure::{Correlation, EndpointKind};
use crate::framework::{Config, Diagnostics, Knowable, Path};
use crate::session::PreflightMode;
use reader::{Expected, Reader, non_blank, plain, secret};

/// All settings of the provider, ready for the Azure client.
#[derive(Debug)]
pub(super) struct ProviderSettings {
    /// The settings for authentication.
    pub(super) credentials: Settings,
    /// The settings that select the cloud.
    pub(super) cloud: CloudSettings,
    /// The partner ID for the user agent.
    pub(super) partner_id: Option<String>,
    /// Whether to omit Terraform's own partner ID.
    pub(super) disable_terraform_partner_id: bool,
    /// The text that is appended to the user agent.
    pub(super) user_agent_suffix: Option<String>,
    /// The correlation ID of the run in the Azure activity log.
    pub(super) correlation: Correlation,
    /// What a plan does if a prerequisite is not met.
    pub(super) preflight: PreflightMode,
}

impl ProviderSettings {
    /// Reads the provider block and the environment. Returns [`Knowable::Unknown`] if an argument is not known before
    /// apply.
    ///
    /// # Errors
    /// A diagnostic for every malformed argument.
    pub(super) fn read(block: &Config, env: &EnvVars) -> Result<Knowable<Self>, Diagnostics> {
        let mut reader = Reader::new(block, env);
        let settings = Self::from_reader(&mut reader);
        reader.finish(settings)
    }

    /// Checks the provider block alone. Reads no files, because they may not exist yet.
    pub(super) fn validate(block: &Config) -> Diagnostics {
        let env = EnvVars::default();
        let mut reader = Reader::new(block, &env).without_files();
        let settings = Self::from_reader(&mut reader);
        reader.finish(settings).err().unwrap_or_default()
    }

    /// The path of the argument that an error about the client certificate belongs to.
    pub(super) fn certificate_path(error: &CertificateError) -> Path {
        match (error.setting, &error.origin) {
            (CertificateSetting::Certificate, Some(origin)) => sources::CLIENT_CERTIFICATE.path(origin),
            (CertificateSetting::Certificate, None) => arguments::CLIENT_CERTIFICATE.attribute.path(),
            (CertificateSetting::Password, _) => arguments::CLIENT_CERTIFICATE_PASSWORD.attribute.path(),
        }
    }

    /// The user agent for requests, given the version of Terraform that started the provider.
    pub(super) fn user_agent(&self, terraform_version: &str) -> UserAgent {
        UserAgent {
            terraform_version: terraform_version.to_owned(),
            suffix: self.user_agent_suffix.clone(),
            partner_id: self.partner_id.clone(),
            disable_terraform_partner_id: self.disable_terraform_partner_id,
        }
    }

    fn from_reader(reader: &mut Reader<'_>) -> Self {
        let is_true = |setting: Option<Setting<bool>>| setting.is_some_and(|setting| setting.value);
        let partner_id = reader.checked(&arguments::PARTNER_ID, &PARTNER);
        let preflight = reader.one_of(&arguments::PREFLIGHT, &PREFLIGHT);
        let custom_correlation = reader.string(&arguments::CUSTOM_CORRELATION_REQUEST_ID);
        let disable_correlation = is_true(reader.bool(&arguments::DISABLE_CORRELATION_REQUEST_ID));
        Self {
            credentials: credentials(reader),
            cloud: cloud(reader),
            partner_id: partner_id.map(|setting| setting.value),
            disable_terraform_partner_id: is_true(reader.bool(&arguments::DISABLE_TERRAFORM_PARTNER_ID)),
            user_agent_suffix: user_agent_suffix(reader.env()),
            correlation: match custom_correlation {
                _ if disable_correlation => Correlation::disabled(),
                Some(id) => Correlation::given(&id.value),
                None => Correlation::random(),
            },
            preflight: preflight
                .and_then(|setting| PreflightMode::named(&setting.value))
                .unwrap_or(PreflightMode::Warn),
        }
    }
}

const GUID: &str = "00000000-0000-0000-0000-000000000000";

const TENANT: Expected =
    Expected { is_valid: is_tenant, what: "the GUID of a tenant or one of its domain names", example: GUID };
const APPLICATION: Expected = Expected {
    is_valid: is_guid,
    what: "the client ID of an application (not its object ID or its name)",
    example: GUID,
};
const IDENTITY: Expected = Expected {
    is_valid: |text| is_guid(text) || is_identity_id(text),
    what: "the client ID or the resource ID of a user-assigned managed identity (not its object ID or its name)",
    example: GUID,
};
const SUBSCRIPTION: Expected = Expected { is_valid: is_guid, what: "the GUID of a subscription", example: GUID };
const PARTNER: Expected = Expected { is_valid: is_partner, what: "the GUID of a Microsoft partner", example: GUID };
const PREFLIGHT: Expected = Expected {
    is_valid: |text| PreflightMode::named(text).is_some(),
    what: "\"off\", \"warn\" or \"error\"",
    example: "warn",
};
/// Accepts any name, because `metadata_host` overrides it. `cloud_settings.rs` checks the name.
const ENVIRONMENT: Expected = Expected {
    is_valid: |text| !text.is_empty(),
    what: "\"public\", \"usgovernment\", \"china\" or \"custom\"",
    example: "public",
};
const API_VERSION: Expected =
    Expected { is_valid: api_version::is_api_version, what: api_version::FORMAT, example: "2018-02-01" };
const HTTP: Expected = Expected {
    is_valid: is_http,
    what: "a URL that starts with http:// or https://",
    example: "http://169.254.169.254/metadata/identity/oauth2/token",
};
const HTTPS: Expected = Expected {
    is_valid: is_https,
    what: "a URL that starts with https://",
    example: "https://pipelines.actions.githubusercontent.com/...",
};

fn credentials(reader: &mut Reader<'_>) -> Settings {
    let tenant_id = reader.checked(&arguments::TENANT_ID, &TENANT);
    let use_msi = reader.bool(&arguments::USE_MSI);
    let is_identity = use_msi.as_ref().is_some_and(|setting| setting.value);
    let client_id = reader.checked_of(&sources::CLIENT_ID, if is_identity { &IDENTITY } else { &APPLICATION });
    let use_aks_workload_identity = reader.bool(&arguments::USE_AKS_WORKLOAD_IDENTITY);
    let env = reader.env();
    let variable = |name: &str| env.string(&[name]);
    let pod = Pod {
        tenant_id: variable("AZURE_TENANT_ID").map(plain),
        client_id: variable("AZURE_CLIENT_ID").map(plain),
        token_file: variable("AZURE_FEDERATED_TOKEN_FILE").map(plain),
    };
    if let Some(flag) = use_aks_workload_identity.as_ref().filter(|setting| setting.value) {
        // The token of the pod is valid only for this identity. azurerm and azapi check it too.
        reader.expect_same(flag, &arguments::TENANT_ID, tenant_id.as_ref(), pod.tenant_id.as_ref());
        reader.expect_same(flag, &arguments::CLIENT_ID, client_id.as_ref(), pod.client_id.as_ref());
    }
    Settings {
        interface: Interface::default(),
        tenant_id,
        client_id,
        subscription_id: reader.checked(&arguments::SUBSCRIPTION_ID, &SUBSCRIPTION),
        auxiliary_tenant_ids: reader.auxiliary_tenants(),
        client_certificate: reader.certificate(),
        client_certificate_password: reader.password(&arguments::CLIENT_CERTIFICATE_PASSWORD),
        client_secret: reader.secret_source(&sources::CLIENT_SECRET),
        use_oidc: reader.bool(&arguments::USE_OIDC),
        oidc_token: reader.secret_source(&sources::OIDC_TOKEN),
        oidc_request_url: reader.checked(&arguments::OIDC_REQUEST_URL, &HTTPS),
        oidc_request_token: reader.secret(&arguments::OIDC_REQUEST_TOKEN),
        oidc_azure_service_connection_id: reader.string_of(&sources::SERVICE_CONNECTION),
        pipeline: if variable("GITHUB_ACTIONS").is_some() {
            Some(Pipeline::GitHub)
        } else {
            variable("GITLAB_CI").map(|_| Pipeline::GitLab)
        },
        use_aks_workload_identity,
        pod,
        use_msi,
        msi_endpoint: reader.checked(&arguments::MSI_ENDPOINT, &HTTP),
        msi_api_version: reader.checked(&arguments::MSI_API_VERSION, &API_VERSION),
        identity_host: IdentityHost {
            endpoint: variable("IDENTITY_ENDPOINT").map(plain),
            header: variable("IDENTITY_HEADER").map(secret),
            has_imds_endpoint: variable("IMDS_ENDPOINT").is_some(),
            has_arc_agent: is_identity && reader.reads_files() && is_arc_agent_installed(),
            is_service_fabric: variable("IDENTITY_SERVER_THUMBPRINT").is_some(),
        },
        access_token: variable("ARM_ACCESS_TOKEN").map(secret),
        use_dev_cli: reader.bool(&arguments::USE_DEV_CLI),
        use_powershell: reader.bool(&arguments::USE_POWERSHELL),
        use_cli: reader.bool(&arguments::USE_CLI),
    }
}

fn cloud(reader: &mut Reader<'_>) -> CloudSettings {
    let configured = reader.endpoint();
    let env = reader.env();
    let part = |configured: Option<String>, argument: &Argument<String>| {
        let setting = match configured {
            Some(text) => {
                Setting::new(text, Source::argument(format_args!("{}.{}", ENDPOINT.name(), argument.attribute.name())))
            }
            None => env.string(argument.env_vars)?,
        };
        non_blank(setting).map(plain)
    };
    let mut address = |configured: Option<String>, argument: &Argument<String>, kind: EndpointKind| {
        let setting = part(configured, argument)?;
        match kind.check(&setting.value) {
            Ok(()) => Some(setting),
            Err(problem) => {
                reader.invalid_endpoint(&problem, &setting.source, argument);
                None
            }
        }
    };
    CloudSettings {
        resource_manager: ServiceSettings {
            endpoint: address(
                configured.resource_manager_endpoint,
                &endpoint::RESOURCE_MANAGER_ENDPOINT,
                EndpointKind::RESOURCE_MANAGER,
            ),
            audience: part(configured.resource_manager_audience, &endpoint::RESOURCE_MANAGER_AUDIENCE),
        },
        log_analytics: ServiceSettings {
            endpoint: address(
                configured.log_analytics_endpoint,
                &endpoint::LOG_ANALYTICS_ENDPOINT,
                EndpointKind::LOG_ANALYTICS,
            ),
            audience: part(configured.log_analytics_audience, &endpoint::LOG_ANALYTICS_AUDIENCE),
        },
        microsoft_graph: ServiceSettings {
            endpoint: address(
                configured.microsoft_graph_endpoint,
                &endpoint::MICROSOFT_GRAPH_ENDPOINT,
                EndpointKind::GRAPH,
            ),
            audience: part(configured.microsoft_graph_audience, &endpoint::MICROSOFT_GRAPH_AUDIENCE),
        },
        active_directory_authority_host: address(
            configured.active_directory_authority_host,
            &endpoint::ACTIVE_DIRECTORY_AUTHORITY_HOST,
            EndpointKind::AUTHORITY,
        ),
        environment: reader.one_of(&arguments::ENVIRONMENT, &ENVIRONMENT),
        metadata_host: reader.string(&arguments::METADATA_HOST),
    }
}

/// The user agent suffix from Terraform's own variable and from Azure's.
fn user_agent_suffix(env: &EnvVars) -> Option<String> {
    let suffixes: Vec<String> = ["TF_APPEND_USER_AGENT", "AZURE_HTTP_USER_AGENT"]
        .into_iter()
        .filter_map(|name| env.string(&[name]))
        .map(|setting| setting.value.trim().to_owned())
        .collect();
    Some(suffixes.join(" ")).filter(|suffix| !suffix.is_empty())
}

#[cfg(test)]
mod tests;
