//! The trait of providers: a schema, a function that creates the API client, and the resources, data sources and
//! functions.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;

use super::diagnostics::Diagnostics;
use super::erased::{AnyDataSource, AnyFunction, AnyResource, Client};
use super::operation::{Config, Context};
use super::schema::Schema;
use super::value::Knowable;

/// A provider.
pub trait Provider: Send + Sync + 'static {
    /// The API client for the provider's resources and data sources.
    type Client: Send + Sync + 'static;

    /// The provider's name, which is the prefix of its resource types: `sentinel`.
    fn name(&self) -> &'static str;

    /// The schema of the provider block. Called once.
    fn schema(&self) -> Schema;

    /// Checks rules between arguments. The types and validators check single arguments.
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Creates the API client. If arguments are unknown during a plan, the client may be unknown. Called once for each
    /// command that the process serves.
    fn configure(
        &self,
        context: &Context,
        config: Config,
        terraform_version: &str,
    ) -> impl Future<Output = Result<Knowable<Self::Client>, Diagnostics>> + Send;

    /// The resources, each created with [`resource`](super::resource()). Called once.
    fn resources(&self) -> Vec<AnyResource<Self::Client>>;

    /// The data sources, each created with [`data_source`](super::data_source()). Called once.
    fn data_sources(&self) -> Vec<AnyDataSource<Self::Client>>;

    /// The functions, each created with [`function`](super::function()). Called once.
    fn functions(&self) -> Vec<AnyFunction> {
        Vec::new()
    }
}

/// The part of [`Provider`] that the server needs after its start, with the client's type erased.
#[async_trait]
pub(super) trait ErasedProvider: Send + Sync {
    fn validate(&self, config: &Config) -> Diagnostics;
    async fn configure(
        &self,
        context: &Context,
        config: Config,
        terraform_version: &str,
    ) -> Result<Knowable<Client>, Diagnostics>;
}

#[async_trait]
impl<P: Provider> ErasedProvider for P {
    fn validate(&self, config: &Config) -> Diagnostics {
        P::validate(self, config)
    }

    async fn configure(
        &self,
        context: &Context,
        config: Config,
        terraform_version: &str,
    ) -> Result<Knowable<Client>, Diagnostics> {
        let configured = P::configure(self, context, config, terraform_version).await?;
        Ok(configured.map(|client| Arc::new(client) as Client))
    }
}
