//! The settings of the provider: the provider block merged with the environment variables.
//!
//! An argument in the configuration overrides its environment variable, even if it is `false` or empty:
//! `client_secret = ""` ignores a variable that the machine has set. Null counts as not set. azurerm and azapi do the same.

use secrecy::SecretString;

use super::arguments::{self, Argument};
use super::cloud_settings::CloudSettings;
use super::endpoint::{self, ENDPOINT, Endpoint};
use super::env_vars::EnvVars;
use super::id_format::{is_guid, is_partner, is_tenant};
use crate::azure::Correlation;
use crate::azure::credential::{Setting, Settings};
use crate::azure::user_agent::UserAgent;
use crate::framework::{Attribute, AttributeValue, Config, Diagnostic, Diagnostics, Knowable};

/// All settings of the provider, ready for the Azure client.
#[derive(Debug)]
pub(super) struct ProviderSettings {
    /// How to log in.
    pub(super) credentials: Settings,
    /// Which cloud to use.
    pub(super) cloud: CloudSettings,
    /// The partner ID for the user agent.
    pub(super) partner_id: Option<String>,
    /// Whether to omit Terraform's own partner ID.
    pub(super) disable_terraform_partner_id: bool,
    /// The end of the user agent.
    pub(super) user_agent_suffix: Option<String>,
    /// The correlation ID of the run in the Azure activity log.
    pub(super) correlation: Correlation,
}

impl ProviderSettings {
    /// Reads the provider block and the environment. Returns [`Knowable::Unknown`] if an argument is not known before
    /// apply.
    ///
    /// # Errors
    /// A diagnostic for every argument that is malformed or can never work.
    pub(super) fn read(block: &Config, env: &EnvVars) -> Result<Knowable<Self>, Diagnostics> {
        let mut reader = Reader { block, env, unknown: false, diagnostics: Diagnostics::default() };
        let settings = Self::from_reader(&mut reader);
        if reader.diagnostics.has_errors() {
            Err(reader.diagnostics)
        } else if reader.unknown {
            Ok(Knowable::Unknown)
        } else {
            Ok(Knowable::Known(settings))
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
        let partner_id = reader.checked(&arguments::PARTNER_ID, is_partner, "the GUID of a Microsoft partner");
        let custom_correlation = reader.string(&arguments::CUSTOM_CORRELATION_REQUEST_ID);
        let disable_correlation = is_true(reader.bool(&arguments::DISABLE_CORRELATION_REQUEST_ID));
        Self {
            credentials: credentials(reader),
            cloud: cloud(reader),
            partner_id: partner_id.map(|setting| setting.value),
            disable_terraform_partner_id: is_true(reader.bool(&arguments::DISABLE_TERRAFORM_PARTNER_ID)),
            user_agent_suffix: user_agent_suffix(reader.env),
            correlation: match custom_correlation {
                _ if disable_correlation => Correlation::disabled(),
                Some(id) => Correlation::given(&id.value),
                None => Correlation::random(),
            },
        }
    }
}

fn credentials(reader: &mut Reader<'_>) -> Settings {
    const TENANT: &str = "the GUID of a tenant or one of its domain names";
    const APPLICATION: &str = "the client ID of an application (not its object ID or its name)";
    Settings {
        tenant_id: reader.checked(&arguments::TENANT_ID, is_tenant, TENANT),
        client_id: reader.checked(&arguments::CLIENT_ID, is_guid, APPLICATION),
        client_id_file_path: reader.string(&arguments::CLIENT_ID_FILE_PATH),
        subscription_id: reader.checked(&arguments::SUBSCRIPTION_ID, is_guid, "the GUID of a subscription"),
        auxiliary_tenant_ids: reader.auxiliary_tenants(),
        client_certificate: reader.secret(&arguments::CLIENT_CERTIFICATE),
        client_certificate_path: reader.string(&arguments::CLIENT_CERTIFICATE_PATH),
        client_certificate_password: reader.secret(&arguments::CLIENT_CERTIFICATE_PASSWORD),
        client_secret: reader.secret(&arguments::CLIENT_SECRET),
        client_secret_file_path: reader.string(&arguments::CLIENT_SECRET_FILE_PATH),
        use_oidc: reader.bool(&arguments::USE_OIDC),
        oidc_token: reader.secret(&arguments::OIDC_TOKEN),
        oidc_token_file_path: reader.string(&arguments::OIDC_TOKEN_FILE_PATH),
        oidc_request_url: reader.string(&arguments::OIDC_REQUEST_URL),
        oidc_request_token: reader.secret(&arguments::OIDC_REQUEST_TOKEN),
        oidc_azure_service_connection_id: reader
            .either(&arguments::ADO_PIPELINE_SERVICE_CONNECTION_ID, &arguments::OIDC_AZURE_SERVICE_CONNECTION_ID),
        use_aks_workload_identity: reader.bool(&arguments::USE_AKS_WORKLOAD_IDENTITY),
        use_msi: reader.bool(&arguments::USE_MSI),
        msi_endpoint: reader.string(&arguments::MSI_ENDPOINT),
        msi_api_version: reader.string(&arguments::MSI_API_VERSION),
        use_cli: reader.bool(&arguments::USE_CLI),
    }
}

fn cloud(reader: &mut Reader<'_>) -> CloudSettings {
    let configured = reader.endpoint();
    let part = |configured: Option<String>, argument: &Argument<String>| {
        let setting = match configured {
            Some(text) => Setting::new(text, format!("the argument {}.{}", ENDPOINT.name(), argument.attribute.name())),
            None => reader.env.string(argument.env_vars)?,
        };
        non_blank(setting)
    };
    CloudSettings {
        resource_manager_endpoint: part(configured.resource_manager_endpoint, &endpoint::RESOURCE_MANAGER_ENDPOINT),
        resource_manager_audience: part(configured.resource_manager_audience, &endpoint::RESOURCE_MANAGER_AUDIENCE),
        active_directory_authority_host: part(
            configured.active_directory_authority_host,
            &endpoint::ACTIVE_DIRECTORY_AUTHORITY_HOST,
        ),
        environment: reader.string(&arguments::ENVIRONMENT),
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

/// Reads one argument after the other and collects the diagnostics.
struct Reader<'a> {
    block: &'a Config,
    env: &'a EnvVars,
    /// Whether an argument is not known before apply.
    unknown: bool,
    diagnostics: Diagnostics,
}

/// An argument in the provider block.
enum Configured<T> {
    /// It has a value.
    Value(T),
    /// It is not set, so its environment variable counts.
    Null,
    /// It is unknown or malformed, so nothing counts.
    Unusable,
}

impl Reader<'_> {
    fn string(&mut self, argument: &Argument<String>) -> Option<Setting<String>> {
        let setting = match self.configured(&argument.attribute) {
            Configured::Value(text) => Setting::new(text, argument.source()),
            Configured::Null => self.env.string(argument.env_vars)?,
            Configured::Unusable => return None,
        };
        non_blank(setting)
    }

    /// An argument with two names. The configuration overrides the environment under either name.
    fn either(&mut self, one: &Argument<String>, other: &Argument<String>) -> Option<Setting<String>> {
        match (self.configured(&one.attribute), self.configured(&other.attribute)) {
            (Configured::Value(text), _) => non_blank(Setting::new(text, one.source())),
            (_, Configured::Value(text)) => non_blank(Setting::new(text, other.source())),
            (Configured::Null, _) => self.env.string(one.env_vars).or_else(|| self.env.string(other.env_vars)),
            (Configured::Unusable, _) => None,
        }
    }

    /// A secret, without the line break that files and pipelines often append.
    fn secret(&mut self, argument: &Argument<String>) -> Option<Setting<SecretString>> {
        self.string(argument).map(|Setting { value, source }| Setting::new(SecretString::from(value.trim()), source))
    }

    fn bool(&mut self, argument: &Argument<bool>) -> Option<Setting<bool>> {
        match self.configured(&argument.attribute) {
            Configured::Value(value) => Some(Setting::new(value, argument.source())),
            Configured::Null => self.env.bool(argument.env_vars).unwrap_or_else(|error| {
                let detail = error.to_string();
                self.diagnostics
                    .push(Diagnostic::error("Invalid environment variable", detail).at(argument.attribute.path()));
                None
            }),
            Configured::Unusable => None,
        }
    }

    fn auxiliary_tenants(&mut self) -> Option<Setting<Vec<String>>> {
        let argument = &arguments::AUXILIARY_TENANT_IDS;
        let tenants = match self.configured(&argument.attribute) {
            Configured::Value(tenants) => Setting::new(tenants, argument.source()),
            Configured::Null => self.env.list(argument.env_vars)?,
            Configured::Unusable => return None,
        };
        if tenants.value.len() > 3 {
            let found = tenants.value.len();
            let detail = format!(
                "Found {found} tenants in {}. Azure accepts at most 3. Remove those that are not needed.",
                tenants.source
            );
            self.diagnostics
                .push(Diagnostic::error("Too many auxiliary tenants", detail).at(argument.attribute.path()));
        }
        Some(tenants)
    }

    /// An ID in a known format.
    fn checked(
        &mut self,
        argument: &Argument<String>,
        is_valid: fn(&str) -> bool,
        expected: &str,
    ) -> Option<Setting<String>> {
        let Setting { value, source } = self.string(argument)?;
        let value = value.trim().to_owned();
        if !is_valid(&value) {
            let detail = format!(
                "\"{value}\" from {source} is not valid. Expected {expected}, for example \
                 \"00000000-0000-0000-0000-000000000000\"."
            );
            let summary = format!("Invalid {}", argument.attribute.name());
            self.diagnostics.push(Diagnostic::error(summary, detail).at(argument.attribute.path()));
            return None;
        }
        Some(Setting::new(value, source))
    }

    /// The parts of `endpoint` in the configuration.
    fn endpoint(&mut self) -> Endpoint {
        match self.configured(&ENDPOINT) {
            Configured::Value(endpoint) => endpoint,
            Configured::Null | Configured::Unusable => Endpoint::default(),
        }
    }

    fn configured<T: AttributeValue>(&mut self, attribute: &Attribute<Option<T>>) -> Configured<T> {
        match self.block.get(attribute) {
            Ok(Knowable::Known(Some(value))) => Configured::Value(value),
            Ok(Knowable::Known(None)) => Configured::Null,
            Ok(Knowable::Unknown) => {
                self.unknown = true;
                Configured::Unusable
            }
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                Configured::Unusable
            }
        }
    }
}

/// Blank counts as not set.
fn non_blank(setting: Setting<String>) -> Option<Setting<String>> {
    Some(setting).filter(|setting| !setting.value.trim().is_empty())
}

#[cfg(test)]
mod tests;
