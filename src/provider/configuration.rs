//! The provider block and the environment, read together.
//!
//! An argument in the configuration goes before the environment, also when it is `false` or empty: `client_secret = ""`
//! is how a configuration does without a variable that the machine has set. Null is "not given". This is how azurerm and
//! azapi read theirs.

use secrecy::SecretString;

use super::arguments as argument;
use super::arguments::Argument;
use super::cloud_choice::CloudChoice;
use super::endpoint::{self, ENDPOINT, Endpoint};
use super::environment::Environment;
use super::guid::{is_guid, is_partner, is_tenant};
use crate::azure::Correlation;
use crate::azure::credential::{Setting, Settings};
use crate::azure::user_agent::UserAgent;
use crate::framework::{Attribute, AttributeValue, Config, Diagnostic, Diagnostics, Knowable};

/// Everything that the provider block says, in the terms of the layers below.
#[derive(Debug)]
pub(super) struct Configuration {
    /// How to log in.
    pub(super) credentials: Settings,
    /// Which cloud.
    pub(super) cloud: CloudChoice,
    /// The partner for the user agent.
    pub(super) partner_id: Option<String>,
    /// Whether Terraform's own partner id is left out.
    pub(super) disable_terraform_partner_id: bool,
    /// What the user agent ends with.
    pub(super) user_agent_suffix: Option<String>,
    /// What Azure's activity log finds the run by.
    pub(super) correlation: Correlation,
}

impl Configuration {
    /// Reads the provider block and the environment; [`Knowable::Unknown`] where an argument is not known before apply.
    ///
    /// # Errors
    /// Every argument that cannot be read or can never work, each on its attribute.
    pub(super) fn read(block: &Config, environment: &Environment) -> Result<Knowable<Self>, Diagnostics> {
        let mut reader = Reader { block, environment, unknown: false, diagnostics: Diagnostics::default() };
        let configuration = Self::of(&mut reader);
        if reader.diagnostics.has_errors() {
            Err(reader.diagnostics)
        } else if reader.unknown {
            Ok(Knowable::Unknown)
        } else {
            Ok(Knowable::Known(configuration))
        }
    }

    /// The user agent of a provider that this version of Terraform started.
    pub(super) fn user_agent(&self, terraform_version: &str) -> UserAgent {
        UserAgent {
            terraform_version: terraform_version.to_owned(),
            suffix: self.user_agent_suffix.clone(),
            partner_id: self.partner_id.clone(),
            disable_terraform_partner_id: self.disable_terraform_partner_id,
        }
    }

    fn of(reader: &mut Reader<'_>) -> Self {
        let enabled = |setting: Option<Setting<bool>>| setting.is_some_and(|setting| setting.value);
        let partner_id = reader.checked(&argument::PARTNER_ID, is_partner, "the GUID of a partner");
        let custom_correlation = reader.text(&argument::CUSTOM_CORRELATION_REQUEST_ID);
        let disable_correlation = enabled(reader.switch(&argument::DISABLE_CORRELATION_REQUEST_ID));
        Self {
            credentials: credentials(reader),
            cloud: cloud(reader),
            partner_id: partner_id.map(|setting| setting.value),
            disable_terraform_partner_id: enabled(reader.switch(&argument::DISABLE_TERRAFORM_PARTNER_ID)),
            user_agent_suffix: user_agent_suffix(reader.environment),
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
    const APPLICATION: &str = "the GUID of an application (its client id, not its object id or name)";
    Settings {
        tenant_id: reader.checked(&argument::TENANT_ID, is_tenant, TENANT),
        client_id: reader.checked(&argument::CLIENT_ID, is_guid, APPLICATION),
        client_id_file_path: reader.text(&argument::CLIENT_ID_FILE_PATH),
        subscription_id: reader.checked(&argument::SUBSCRIPTION_ID, is_guid, "the GUID of a subscription"),
        auxiliary_tenant_ids: reader.auxiliary_tenants(),
        client_certificate: reader.secret(&argument::CLIENT_CERTIFICATE),
        client_certificate_path: reader.text(&argument::CLIENT_CERTIFICATE_PATH),
        client_certificate_password: reader.secret(&argument::CLIENT_CERTIFICATE_PASSWORD),
        client_secret: reader.secret(&argument::CLIENT_SECRET),
        client_secret_file_path: reader.text(&argument::CLIENT_SECRET_FILE_PATH),
        use_oidc: reader.switch(&argument::USE_OIDC),
        oidc_token: reader.secret(&argument::OIDC_TOKEN),
        oidc_token_file_path: reader.text(&argument::OIDC_TOKEN_FILE_PATH),
        oidc_request_url: reader.text(&argument::OIDC_REQUEST_URL),
        oidc_request_token: reader.secret(&argument::OIDC_REQUEST_TOKEN),
        oidc_azure_service_connection_id: reader
            .either(&argument::ADO_PIPELINE_SERVICE_CONNECTION_ID, &argument::OIDC_AZURE_SERVICE_CONNECTION_ID),
        use_aks_workload_identity: reader.switch(&argument::USE_AKS_WORKLOAD_IDENTITY),
        use_msi: reader.switch(&argument::USE_MSI),
        msi_endpoint: reader.text(&argument::MSI_ENDPOINT),
        msi_api_version: reader.text(&argument::MSI_API_VERSION),
        use_cli: reader.switch(&argument::USE_CLI),
    }
}

fn cloud(reader: &mut Reader<'_>) -> CloudChoice {
    let given = reader.endpoint();
    let part = |given: Option<String>, argument: &Argument<String>| {
        let text = match given {
            Some(text) => Setting::new(text, format!("the argument {}.{}", ENDPOINT.name(), argument.attribute.name())),
            None => reader.environment.text(argument.environment)?,
        };
        non_blank(text)
    };
    CloudChoice {
        resource_manager_endpoint: part(given.resource_manager_endpoint, &endpoint::RESOURCE_MANAGER_ENDPOINT),
        resource_manager_audience: part(given.resource_manager_audience, &endpoint::RESOURCE_MANAGER_AUDIENCE),
        active_directory_authority_host: part(
            given.active_directory_authority_host,
            &endpoint::ACTIVE_DIRECTORY_AUTHORITY_HOST,
        ),
        environment: reader.text(&argument::ENVIRONMENT),
        metadata_host: reader.text(&argument::METADATA_HOST),
    }
}

/// Terraform's own variable for it, and Azure's.
fn user_agent_suffix(environment: &Environment) -> Option<String> {
    let suffixes: Vec<String> = ["TF_APPEND_USER_AGENT", "AZURE_HTTP_USER_AGENT"]
        .into_iter()
        .filter_map(|name| environment.text(&[name]))
        .map(|setting| setting.value.trim().to_owned())
        .collect();
    Some(suffixes.join(" ")).filter(|suffix| !suffix.is_empty())
}

/// Reads arguments one after the other and collects what is wrong with any of them.
struct Reader<'a> {
    block: &'a Config,
    environment: &'a Environment,
    /// Whether an argument is not known before apply.
    unknown: bool,
    diagnostics: Diagnostics,
}

/// Where an argument comes from.
enum Origin<T> {
    Configuration(T),
    Environment,
    Nowhere,
}

impl Reader<'_> {
    fn text(&mut self, argument: &Argument<String>) -> Option<Setting<String>> {
        let text = match self.origin(&argument.attribute) {
            Origin::Configuration(text) => Setting::new(text, argument.source()),
            Origin::Environment => self.environment.text(argument.environment)?,
            Origin::Nowhere => return None,
        };
        non_blank(text)
    }

    /// Two names for one thing: what the configuration gives goes before the environment, whichever name it uses.
    fn either(&mut self, one: &Argument<String>, other: &Argument<String>) -> Option<Setting<String>> {
        match (self.origin(&one.attribute), self.origin(&other.attribute)) {
            (Origin::Configuration(text), _) => non_blank(Setting::new(text, one.source())),
            (_, Origin::Configuration(text)) => non_blank(Setting::new(text, other.source())),
            (Origin::Environment, _) => {
                self.environment.text(one.environment).or_else(|| self.environment.text(other.environment))
            }
            (Origin::Nowhere, _) => None,
        }
    }

    /// A secret, without the line break that files and pipelines like to put behind it.
    fn secret(&mut self, argument: &Argument<String>) -> Option<Setting<SecretString>> {
        self.text(argument).map(|Setting { value, source }| Setting::new(SecretString::from(value.trim()), source))
    }

    fn switch(&mut self, argument: &Argument<bool>) -> Option<Setting<bool>> {
        match self.origin(&argument.attribute) {
            Origin::Configuration(value) => Some(Setting::new(value, argument.source())),
            Origin::Environment => self.environment.switch(argument.environment).unwrap_or_else(|error| {
                let detail = error.to_string();
                self.diagnostics
                    .push(Diagnostic::error("Invalid environment variable", detail).at(argument.attribute.path()));
                None
            }),
            Origin::Nowhere => None,
        }
    }

    fn auxiliary_tenants(&mut self) -> Option<Setting<Vec<String>>> {
        let argument = &argument::AUXILIARY_TENANT_IDS;
        let tenants = match self.origin(&argument.attribute) {
            Origin::Configuration(tenants) => Setting::new(tenants, argument.source()),
            Origin::Environment => self.environment.list(argument.environment)?,
            Origin::Nowhere => return None,
        };
        if tenants.value.len() > 3 {
            let found = tenants.value.len();
            let detail =
                format!("{found} tenants come from {}, but Azure takes at most 3 further ones.", tenants.source);
            self.diagnostics
                .push(Diagnostic::error("Too many auxiliary tenants", detail).at(argument.attribute.path()));
        }
        Some(tenants)
    }

    /// An id of a known shape.
    fn checked(
        &mut self,
        argument: &Argument<String>,
        is_valid: fn(&str) -> bool,
        expected: &str,
    ) -> Option<Setting<String>> {
        let Setting { value, source } = self.text(argument)?;
        let value = value.trim().to_owned();
        if !is_valid(&value) {
            let detail = format!(
                "\"{value}\" is not {expected}. It comes from {source}. Expected is something like \
                 \"00000000-0000-0000-0000-000000000000\"."
            );
            let summary = format!("Invalid {}", argument.attribute.name());
            self.diagnostics.push(Diagnostic::error(summary, detail).at(argument.attribute.path()));
            return None;
        }
        Some(Setting::new(value, source))
    }

    /// The parts of `endpoint` that the configuration gives.
    fn endpoint(&mut self) -> Endpoint {
        match self.origin(&ENDPOINT) {
            Origin::Configuration(endpoint) => endpoint,
            Origin::Environment | Origin::Nowhere => Endpoint::default(),
        }
    }

    fn origin<T: AttributeValue>(&mut self, attribute: &Attribute<Option<T>>) -> Origin<T> {
        match self.block.get(attribute) {
            Ok(Knowable::Known(Some(value))) => Origin::Configuration(value),
            Ok(Knowable::Known(None)) => Origin::Environment,
            Ok(Knowable::Unknown) => {
                self.unknown = true;
                Origin::Nowhere
            }
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                Origin::Nowhere
            }
        }
    }
}

/// A text that says something.
fn non_blank(text: Setting<String>) -> Option<Setting<String>> {
    Some(text).filter(|text| !text.value.trim().is_empty())
}

#[cfg(test)]
mod tests;
