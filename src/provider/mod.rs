//! The provider: its arguments, the environment behind them, and what it offers.
//!
//! A new resource or data source is one line in [`Sentinel`]'s registry below.

mod arguments;
mod cloud_choice;
mod configuration;
mod endpoint;
mod environment;
mod guid;

use std::time::Duration;

use crate::azure::Client;
use crate::azure::Deadline;
use crate::azure::credential::Credential;
use crate::azure::http::Http;
use crate::azure_diagnostics;
use crate::content_hub::{SolutionDataSource, SolutionResource, SolutionsDataSource};
use crate::framework::{
    AnyDataSource, AnyResource, Config, Context, Diagnostics, Knowable, Provider, Schema, data_source, resource,
};
use crate::session::Session;
use crate::tenant_connector::TenantConnector;
use arguments as argument;
use configuration::Configuration;
use endpoint::ENDPOINT;

pub use environment::Environment;

/// How long a metadata host may take to answer. Configuring a provider has no timeout of its own in Terraform.
const METADATA_LIMIT: Duration = Duration::from_secs(30);

/// The provider `sentinel`.
#[derive(Clone, Debug)]
pub struct Sentinel {
    environment: Environment,
}

impl Sentinel {
    /// The provider with this environment behind its arguments.
    #[must_use]
    pub fn new(environment: Environment) -> Self {
        Self { environment }
    }
}

impl Provider for Sentinel {
    type Client = Session;

    fn name(&self) -> &'static str {
        "sentinel"
    }

    fn schema(&self) -> Schema {
        argument::add_to(Schema::new(
            "Connects tenant-wide Microsoft Defender for Cloud alerts to Microsoft Sentinel. Every argument may also come from \
             the environment; the names are those of the azurerm and azapi providers.",
        ))
        .attribute(&ENDPOINT)
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        // what the environment says is only looked at when it is used
        Configuration::read(config, &Environment::default()).err().unwrap_or_default()
    }

    async fn configure(
        &self,
        ctx: &Context,
        config: Config,
        terraform_version: &str,
    ) -> Result<Knowable<Session>, Diagnostics> {
        let Knowable::Known(configuration) = Configuration::read(&config, &self.environment)? else {
            return Ok(Knowable::Unknown);
        };
        let http = Http::new(&configuration.user_agent(terraform_version));
        let deadline = Deadline::new(ctx.deadline(), ctx.cancellation().clone()).at_most(METADATA_LIMIT);
        let cloud = configuration.cloud.resolve(&http, &deadline).await?;
        let credential = Credential::select(&configuration.credentials, &cloud, http.clone())
            .map_err(|none| azure_diagnostics::no_credential(&none))?;
        tracing::info!(method = credential.method(), cloud = cloud.name(), "provider configured");
        for other in credential.unused().iter().filter(|other| other.configured) {
            tracing::warn!(method = other.method, reason = other.reason, "a login method is configured and not used");
        }
        Ok(Knowable::Known(Session::new(Client::new(http, cloud, credential, configuration.correlation))))
    }

    fn resources(&self) -> Vec<AnyResource<Session>> {
        vec![resource(TenantConnector), resource(SolutionResource)]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
        vec![data_source(SolutionDataSource), data_source(SolutionsDataSource)]
    }
}

#[cfg(test)]
mod tests;
