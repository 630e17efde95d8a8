//! What the provider says of itself: schemas, names, and what of the protocol it supports.

use crate::framework::Schemas;
use crate::protocol::codec::schema::{encode, encode_function, encode_identity};
use crate::protocol::proto::{
    ServerCapabilities, get_functions, get_metadata, get_provider_schema, get_resource_identity_schemas,
};

/// Every call works in a process that was never asked for its schema: asking prepares nothing.
const CAPABILITIES: ServerCapabilities = ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: false,
};

pub(super) fn all(schemas: &Schemas) -> get_provider_schema::Response {
    let resources = schemas.resources.iter().map(|(name, resource)| ((*name).to_owned(), encode(&resource.schema)));
    let data_sources = schemas.data_sources.iter().map(|(name, schema)| ((*name).to_owned(), encode(schema)));
    get_provider_schema::Response {
        provider: Some(encode(&schemas.provider)),
        resource_schemas: resources.collect(),
        data_source_schemas: data_sources.collect(),
        functions: functions(schemas).functions,
        server_capabilities: Some(CAPABILITIES),
        ..Default::default()
    }
}

pub(super) fn metadata(schemas: &Schemas) -> get_metadata::Response {
    let resources = schemas.resources.keys();
    let data_sources = schemas.data_sources.keys();
    let functions = schemas.functions.keys();
    get_metadata::Response {
        server_capabilities: Some(CAPABILITIES),
        resources: resources.map(|name| get_metadata::ResourceMetadata { type_name: (*name).to_owned() }).collect(),
        data_sources: data_sources
            .map(|name| get_metadata::DataSourceMetadata { type_name: (*name).to_owned() })
            .collect(),
        functions: functions.map(|name| get_metadata::FunctionMetadata { name: (*name).to_owned() }).collect(),
        ..Default::default()
    }
}

pub(super) fn identities(schemas: &Schemas) -> get_resource_identity_schemas::Response {
    let identities = schemas.resources.iter().filter_map(|(name, resource)| {
        let identity = resource.identity.as_ref()?;
        Some(((*name).to_owned(), encode_identity(identity)))
    });
    get_resource_identity_schemas::Response { identity_schemas: identities.collect(), diagnostics: Vec::new() }
}

pub(super) fn functions(schemas: &Schemas) -> get_functions::Response {
    let functions = schemas.functions.iter();
    get_functions::Response {
        functions: functions.map(|(name, signature)| ((*name).to_owned(), encode_function(signature))).collect(),
        diagnostics: Vec::new(),
    }
}
