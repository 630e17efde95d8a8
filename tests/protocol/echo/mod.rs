//! A provider for tests that keeps objects in memory and returns its input.

mod failing;
mod function;
mod lookup;
mod nested;
mod sample;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use terraform_provider_sentinel::framework::{
    AnyDataSource, AnyFunction, AnyResource, Attribute, Config, Context, Diagnostics, Knowable, Provider, Schema,
    State, data_source, function, resource,
};

const PREFIX: Attribute<Option<String>> = Attribute::optional("prefix").description("Prefix of ids.");

/// The provider. It keeps its objects when it is configured again.
#[derive(Default)]
pub(crate) struct Echo {
    objects: Objects,
}

/// The objects by type and name.
type Objects = Arc<Mutex<BTreeMap<(&'static str, String), State>>>;

/// The configured provider.
pub(crate) struct World {
    prefix: String,
    objects: Objects,
}

impl World {
    fn id_of(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn get(&self, type_name: &'static str, name: String) -> Option<State> {
        self.lock().get(&(type_name, name)).cloned()
    }

    fn put(&self, type_name: &'static str, name: String, state: &State) {
        self.lock().insert((type_name, name), state.clone());
    }

    fn remove(&self, type_name: &'static str, name: String) {
        self.lock().remove(&(type_name, name));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), State>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Echo {
    type Client = World;

    fn name(&self) -> &'static str {
        "echo"
    }

    fn schema(&self) -> Schema {
        Schema::new("Returns what it is given.").attribute(&PREFIX)
    }

    async fn configure(&self, _: &Context, config: Config, _: &str) -> Result<Knowable<World>, Diagnostics> {
        let objects = Arc::clone(&self.objects);
        Ok(config.get(&PREFIX)?.map(|prefix| World { prefix: prefix.unwrap_or_default(), objects }))
    }

    fn resources(&self) -> Vec<AnyResource<World>> {
        vec![resource(sample::Sample), resource(failing::Failing)]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<World>> {
        vec![data_source(lookup::Lookup)]
    }

    fn functions(&self) -> Vec<AnyFunction> {
        vec![function(function::EchoFunction)]
    }
}
