//! The trait of providers: a schema, a function that makes a client, and the resources, data sources and functions.

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
    /// What its configuration creates for its resources and data sources, for example a client of the API.
    type Client: Send + Sync + 'static;

    /// Its name, which is the prefix of its resources: `sentinel`.
    fn name(&self) -> &'static str;

    /// The schema of the provider block. Asked for once.
    fn schema(&self) -> Schema;

    /// Checks rules between arguments. Single arguments are checked by their types and validators.
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Makes a client. While planning, arguments may be unknown: then the client may be too. Called again for every
    /// command if one process serves several.
    fn configure(
        &self,
        context: &Context,
        config: Config,
        terraform_version: &str,
    ) -> impl Future<Output = Result<Knowable<Self::Client>, Diagnostics>> + Send;

    /// Its resources, each made with [`resource`](super::resource()). Asked for once.
    fn resources(&self) -> Vec<AnyResource<Self::Client>>;

    /// Its data sources, each made with [`data_source`](super::data_source()). Asked for once.
    fn data_sources(&self) -> Vec<AnyDataSource<Self::Client>>;

    /// Its functions, each made with [`function`](super::function()). Asked for once.
    fn functions(&self) -> Vec<AnyFunction> {
        Vec::new()
    }
}

/// The part of [`Provider`] that is needed after start, without its client's type.
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
