//! The registry of the provider's resources, data sources and functions. It is built once, when the server starts.

use std::collections::BTreeMap;

use super::schemas::{FunctionSchema, InvalidProvider, ResourceSchema, Schemas};
use crate::framework::erased::{ErasedDataSource, ErasedFunction, ErasedResource};
use crate::framework::provider::Provider;
use crate::framework::resource::{StateMove, StateUpgrade};
use crate::framework::value::Type;

/// The provider's resources, data sources and functions by name.
pub(super) struct Registry {
    pub(super) resources: BTreeMap<&'static str, ResourceEntry>,
    pub(super) data_sources: BTreeMap<&'static str, Box<dyn ErasedDataSource>>,
    pub(super) functions: BTreeMap<&'static str, Box<dyn ErasedFunction>>,
}

/// A resource, with the results of its functions that are called only once.
pub(super) struct ResourceEntry {
    pub(super) resource: Box<dyn ErasedResource>,
    pub(super) value_type: Type,
    pub(super) upgrades: Vec<StateUpgrade>,
    pub(super) moves: Vec<StateMove>,
}

/// Builds the schemas and the registry of a provider.
pub(super) fn register<P: Provider>(provider: &P) -> Result<(Schemas, Registry), InvalidProvider> {
    let mut schemas = Schemas {
        provider_name: provider.name(),
        provider: provider.schema(),
        resources: BTreeMap::new(),
        data_sources: BTreeMap::new(),
        functions: BTreeMap::new(),
    };
    let mut registry =
        Registry { resources: BTreeMap::new(), data_sources: BTreeMap::new(), functions: BTreeMap::new() };
    let mut problems = Vec::new();

    for registered in provider.resources() {
        let resource = registered.resource;
        let name = resource.type_name();
        let schema = ResourceSchema { schema: resource.schema(), identity: resource.identity() };
        let upgrades = resource.upgrades();
        problems.extend(schema.problems(&upgrades).into_iter().map(|problem| format!("{name}: {problem}")));
        let value_type = schema.schema.value_type();
        let entry = ResourceEntry { moves: resource.moves(), resource, value_type, upgrades };
        if registry.resources.insert(name, entry).is_some() {
            problems.push(format!("there are two resources {name}"));
        }
        schemas.resources.insert(name, schema);
    }
    for registered in provider.data_sources() {
        let name = registered.data_source.type_name();
        schemas.data_sources.insert(name, registered.data_source.schema());
        if registry.data_sources.insert(name, registered.data_source).is_some() {
            problems.push(format!("there are two data sources {name}"));
        }
    }
    for registered in provider.functions() {
        let (definition, output) = (registered.function.definition(), registered.function.output());
        let name = definition.name;
        schemas.functions.insert(name, FunctionSchema { definition, output });
        if registry.functions.insert(name, registered.function).is_some() {
            problems.push(format!("there are two functions {name}"));
        }
    }
    problems.extend(schemas.problems());

    if problems.is_empty() { Ok((schemas, registry)) } else { Err(InvalidProvider { problems }) }
}
