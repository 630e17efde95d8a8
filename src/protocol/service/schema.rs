//! Handles calls for schemas, names and capabilities.

use std::collections::BTreeMap;

use super::Service;
use crate::framework::{Diagnostics, Schemas};
use crate::protocol::codec::schema::{encode, encode_function, encode_identity};
use crate::protocol::proto::{
    Function, ServerCapabilities, get_functions, get_metadata, get_provider_schema, get_resource_identity_schemas,
};

const CAPABILITIES: ServerCapabilities = ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true, // No call depends on an earlier GetProviderSchema call.
    move_resource_state: true,
    generate_resource_config: false,
};

pub(super) async fn provider_schema(
    service: &Service,
    _: get_provider_schema::Request,
) -> Result<get_provider_schema::Response, Diagnostics> {
    let schemas = service.server.schemas();
    let resources = schemas.resources.iter().map(|(name, resource)| ((*name).to_owned(), encode(&resource.schema)));
    let data_sources = schemas.data_sources.iter().map(|(name, schema)| ((*name).to_owned(), encode(schema)));
    Ok(get_provider_schema::Response {
        provider: Some(encode(&schemas.provider)),
        resource_schemas: resources.collect(),
        data_source_schemas: data_sources.collect(),
        functions: encode_functions(schemas),
        server_capabilities: Some(CAPABILITIES),
        ..Default::default()
    })
}

pub(super) async fn metadata(
    service: &Service,
    _: get_metadata::Request,
) -> Result<get_metadata::Response, Diagnostics> {
    let schemas = service.server.schemas();
    let resources = schemas.resources.keys();
    let data_sources = schemas.data_sources.keys();
    let functions = schemas.functions.keys();
    Ok(get_metadata::Response {
        server_capabilities: Some(CAPABILITIES),
        resources: resources.map(|name| get_metadata::ResourceMetadata { type_name: (*name).to_owned() }).collect(),
        data_sources: data_sources
            .map(|name| get_metadata::DataSourceMetadata { type_name: (*name).to_owned() })
            .collect(),
        functions: functions.map(|name| get_metadata::FunctionMetadata { name: (*name).to_owned() }).collect(),
        ..Default::default()
    })
}

pub(super) async fn identity_schemas(
    service: &Service,
    _: get_resource_identity_schemas::Request,
) -> Result<get_resource_identity_schemas::Response, Diagnostics> {
    let identities = service.server.schemas().resources.iter().filter_map(|(name, resource)| {
        let identity = resource.identity.as_ref()?;
        Some(((*name).to_owned(), encode_identity(identity)))
    });
    Ok(get_resource_identity_schemas::Response { identity_schemas: identities.collect(), diagnostics: Vec::new() })
}

pub(super) async fn functions(
    service: &Service,
    _: get_functions::Request,
) -> Result<get_functions::Response, Diagnostics> {
    let functions = encode_functions(service.server.schemas());
    Ok(get_functions::Response { functions, diagnostics: Vec::new() })
}

fn encode_functions(schemas: &Schemas) -> BTreeMap<String, Function> {
    schemas.functions.iter().map(|(name, signature)| ((*name).to_owned(), encode_function(signature))).collect()
}
