//! The provider `sentinel`: its arguments, its environment variables, and the list of its resources and data sources.
//!
//! A new resource or data source is one line in [`SentinelProvider::resources`] or [`SentinelProvider::data_sources`].

mod arguments;
mod cloud_settings;
mod compatibility;
mod endpoint;
mod env_vars;
mod id_format;
mod precedence;
mod settings;
mod sources;

use std::time::Duration;

use tokio::time::Instant;

use crate::alert_summary::AlertSummaryDataSource;
use crate::azure::Client;
use crate::azure::Deadline;
use crate::azure::credential::{Credential, Interface};
use crate::azure::http::Http;
use crate::azure_diagnostics;
use crate::content_hub::{SolutionDataSource, SolutionResource, SolutionsDataSource};
use crate::data_connectors::DataConnectorsDataSource;
use crate::framework::{
    AnyDataSource, AnyResource, Config, Context, Diagnostic, Diagnostics, Knowable, Provider, Schema, data_source,
    resource,
};
use crate::incident_rule::IncidentCreationRule;
use crate::log_analytics::LogQueryDataSource;
use crate::prerequisites::PrerequisitesDataSource;
use crate::session::Session;
use crate::subscription_connector::SubscriptionConnector;
use crate::tenant_connector::TenantConnector;
use crate::workspace_onboarding::WorkspaceOnboarding;
use crate::xdr_connector::XdrConnector;
use endpoint::ENDPOINT;
use settings::ProviderSettings;

pub use compatibility::{FOREIGN_SETTINGS, ForeignSetting, Meaning};
pub use env_vars::EnvVars;

/// The timeout for the metadata host. Terraform has no timeout for configuring a provider.
const METADATA_TIMEOUT: Duration = Duration::from_secs(30);

/// The timeout for reading files, which may be on an unresponsive network share.
const FILES_TIMEOUT: Duration = Duration::from_secs(30);

/// The introduction of the provider's registry page. `xtask/src/docs/index.md` contains the rest of the page.
const DESCRIPTION: &str = "\
The sentinel provider connects tenant-wide Microsoft Defender for Cloud alerts to Microsoft Sentinel and installs Content \
Hub solutions, which the azurerm provider does not support. It also onboards workspaces to Microsoft Sentinel, and manages \
the Defender XDR connector, subscription-based Defender for Cloud connectors and incident creation rules. Use it together with azurerm.";

/// The provider `sentinel`.
#[derive(Clone, Debug)]
pub struct SentinelProvider {
    env: EnvVars,
}

impl SentinelProvider {
    /// A provider that reads these environment variables.
    #[must_use]
    pub fn new(env: EnvVars) -> Self {
        Self { env }
    }
}

impl Provider for SentinelProvider {
    type Client = Session;

    fn name(&self) -> &'static str {
        "sentinel"
    }

    fn schema(&self) -> Schema {
        arguments::add_to(Schema::new(DESCRIPTION)).attribute(&ENDPOINT)
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        // Environment variables are checked only when they are used.
        ProviderSettings::validate(config)
    }

    async fn configure(
        &self,
        ctx: &Context,
        config: Config,
        terraform_version: &str,
    ) -> Result<Knowable<Session>, Diagnostics> {
        let deadline = Deadline::lasting(ctx.time()).with_cancellation(ctx.cancellation().clone());
        let Knowable::Known(settings) = read_settings(config, self.env.clone(), &deadline, Interface::Provider).await?
        else {
            return Ok(Knowable::Unknown);
        };
        Ok(Knowable::Known(build_session(&settings, terraform_version, &deadline).await?))
    }

    fn resources(&self) -> Vec<AnyResource<Session>> {
        vec![
            resource(WorkspaceOnboarding),
            resource(TenantConnector),
            resource(XdrConnector),
            resource(SubscriptionConnector),
            resource(SolutionResource),
            resource(IncidentCreationRule),
        ]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
        vec![
            data_source(SolutionDataSource),
            data_source(SolutionsDataSource),
            data_source(DataConnectorsDataSource),
            data_source(PrerequisitesDataSource),
            data_source(AlertSummaryDataSource),
            data_source(LogQueryDataSource),
        ]
    }
}

/// Builds the session of a `contract` command. It has no provider block, so all settings come from environment
/// variables.
///
/// # Errors
/// A setting is malformed, no authentication method is complete, or the metadata host does not respond.
pub(crate) async fn session_from_environment(env: &EnvVars, deadline: &Deadline) -> Result<Session, Diagnostics> {
    let block = Config::empty(&SentinelProvider::new(env.clone()).schema());
    match read_settings(block, env.clone(), deadline, Interface::Command).await? {
        Knowable::Known(mut settings) => {
            settings.credentials.interface = Interface::Command;
            build_session(&settings, "", deadline).await
        }
        Knowable::Unknown => Err(Diagnostic::bug("An environment variable is unknown.").into()),
    }
}

async fn read_settings(
    block: Config,
    env: EnvVars,
    deadline: &Deadline,
    interface: Interface,
) -> Result<Knowable<ProviderSettings>, Diagnostics> {
    run_blocking(deadline, interface, move || ProviderSettings::read(&block, &env)).await?
}

/// Runs `work`, which reads files, on a blocking thread, and waits for at most [`FILES_TIMEOUT`].
async fn run_blocking<T: Send + 'static>(
    deadline: &Deadline,
    interface: Interface,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Diagnostic> {
    let started = Instant::now();
    let limited = deadline.at_most(FILES_TIMEOUT);
    match limited.run(tokio::task::spawn_blocking(work)).await {
        Ok(done) => done.map_err(|error| Diagnostic::bug(&format!("Reading the settings failed: {error}"))),
        Err(interrupted) => {
            Err(azure_diagnostics::unread_settings(&interrupted.into_error(started, &limited), interface))
        }
    }
}

/// Builds the session. Sends a request only if a metadata host is set.
async fn build_session(
    settings: &ProviderSettings,
    terraform_version: &str,
    deadline: &Deadline,
) -> Result<Session, Diagnostics> {
    let interface = settings.credentials.interface;
    let http = Http::new(&settings.user_agent(terraform_version));
    let cloud = settings.cloud.resolve(&http, &deadline.at_most(METADATA_TIMEOUT), interface).await?;
    let (credentials, credential_cloud, credential_http) = (settings.credentials.clone(), cloud.clone(), http.clone());
    let selected =
        run_blocking(deadline, interface, move || Credential::select(&credentials, &credential_cloud, credential_http))
            .await?;
    let credential = selected.map_err(|error| azure_diagnostics::no_credential(&error, interface))?;
    check_certificate(&credential, &deadline.at_most(FILES_TIMEOUT), interface).await?;
    tracing::info!(method = credential.method(), cloud = cloud.name(), "provider configured");
    for other in credential.unused() {
        // One text, because Terraform prints the fields of a log line in random order.
        if other.is_configured() {
            tracing::warn!("an authentication method is configured and not used: {other}");
        } else {
            tracing::info!("an authentication method is not used: {other}");
        }
    }
    let client = Client::new(http, cloud, credential, settings.correlation.clone());
    Ok(Session::new(client).with_preflight(settings.preflight))
}

async fn check_certificate(
    credential: &Credential,
    deadline: &Deadline,
    interface: Interface,
) -> Result<(), Diagnostic> {
    let started = Instant::now();
    match deadline.run(credential.check()).await {
        Ok(checked) => checked.map_err(|error| {
            let path = ProviderSettings::certificate_path(&error);
            azure_diagnostics::unusable_certificate(&error, credential.unused(), interface).at(path)
        }),
        Err(interrupted) => {
            Err(azure_diagnostics::unchecked_certificate(&interrupted.into_error(started, deadline), interface))
        }
    }
}

#[cfg(test)]
mod tests;
