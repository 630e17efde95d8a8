//! The trait of data sources: a schema and a function that reads.

use std::future::Future;

use super::diagnostics::Diagnostics;
use super::operation::{Config, Context, State};
use super::schema::Schema;

/// A data source.
pub trait DataSource: Send + Sync + 'static {
    /// What the provider's configuration creates, for example a client of the API.
    type Client: Send + Sync + 'static;

    /// Name of the type, with the provider's name before it: `sentinel_content_hub_solution`.
    fn type_name(&self) -> &'static str;

    /// The schema. Asked for once.
    fn schema(&self) -> Schema;

    /// Checks rules between attributes. Single attributes are checked by their types and validators.
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Reads: sets what is computed. The state starts as the configuration.
    fn read(
        &self,
        context: &Context,
        client: &Self::Client,
        config: State,
    ) -> impl Future<Output = Result<State, Diagnostics>> + Send;
}
