//! A provider with only one resource, for tests.

use super::Lifecycle;
use crate::framework::operation::{Config, Context};
use crate::framework::{
    AnyDataSource, AnyResource, Diagnostics, Knowable, Provider, Resource, Schema, resource as any_resource,
};

/// A provider with one resource. It creates a client each time it is configured.
struct SingleResource<R: Resource> {
    resource: fn() -> R,
    client: Box<dyn Fn() -> R::Client + Send + Sync>,
}

impl Lifecycle {
    /// A resource without a state, in a provider with no other resource. Each run has its own client.
    pub(crate) fn single<R: Resource>(
        resource: fn() -> R,
        client: impl Fn() -> R::Client + Send + Sync + 'static,
    ) -> Self {
        let type_name = resource().type_name();
        Self::new(SingleResource { resource, client: Box::new(client) }, type_name)
    }
}

impl<R: Resource> Provider for SingleResource<R> {
    type Client = R::Client;

    fn name(&self) -> &'static str {
        let type_name = (self.resource)().type_name();
        type_name.split('_').next().unwrap_or(type_name)
    }

    fn schema(&self) -> Schema {
        Schema::new("For tests.")
    }

    async fn configure(&self, _: &Context, _: Config, _: &str) -> Result<Knowable<R::Client>, Diagnostics> {
        Ok(Knowable::Known((self.client)()))
    }

    fn resources(&self) -> Vec<AnyResource<R::Client>> {
        vec![any_resource((self.resource)())]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<R::Client>> {
        Vec::new()
    }
}
