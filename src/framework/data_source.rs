//! The trait of data sources: a schema and a `read` function.

use std::future::Future;

use super::diagnostics::Diagnostics;
use super::operation::{Config, Context, State};
use super::schema::Schema;

/// A data source.
pub trait DataSource: Send + Sync + 'static {
    /// The API client that the provider's `configure` function creates.
    type Client: Send + Sync + 'static;

    /// The type name, with the provider's name as its prefix: `sentinel_content_hub_solution`.
    fn type_name(&self) -> &'static str;

    /// The schema. Called once.
    fn schema(&self) -> Schema;

    /// Checks rules between attributes. The types and validators check single attributes.
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Reads the data: sets the computed attributes in the state, which starts as the configuration.
    fn read(
        &self,
        context: &Context,
        client: &Self::Client,
        config: State,
    ) -> impl Future<Output = Result<State, Diagnostics>> + Send;
}
