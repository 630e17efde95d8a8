//! Tests of schemas, metadata and capabilities.

use std::collections::BTreeMap;

use prost::Message;
use serde_json::Value as Json;
use terraform_provider_sentinel::protocol::proto::schema::{Attribute, Block};
use terraform_provider_sentinel::protocol::proto::*;

use crate::client::{Client, SAMPLE};

/// Calls `check` for every attribute at any depth.
fn for_each_attribute(block: &Block, check: &mut impl FnMut(&Attribute)) {
    fn visit(attributes: &[Attribute], check: &mut impl FnMut(&Attribute)) {
        for attribute in attributes {
            check(attribute);
            if let Some(nested) = &attribute.nested_type {
                visit(&nested.attributes, check);
            }
        }
    }
    visit(&block.attributes, check);
    for nested in &block.block_types {
        for_each_attribute(nested.block.as_ref().expect("a nested block has a block"), check);
    }
}

fn all_schemas(response: &get_provider_schema::Response) -> BTreeMap<&str, &Schema> {
    let named = response.resource_schemas.iter().chain(&response.data_source_schemas);
    let named = named.map(|(name, schema)| (name.as_str(), schema));
    named.chain([("the provider", response.provider.as_ref().expect("the provider has a schema"))]).collect()
}

#[tokio::test]
async fn announces_the_supported_capabilities() {
    let client = Client::start().await;
    let capabilities = client.schemas().server_capabilities.expect("capabilities");

    let expected = ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: false,
    };
    assert_eq!(capabilities, expected);
}

#[tokio::test]
async fn every_attribute_has_either_a_type_or_a_nested_type() {
    for (name, schema) in all_schemas(Client::start().await.schemas()) {
        for_each_attribute(schema.block.as_ref().expect("a block"), &mut |attribute| {
            let place = format!("{name}: {}", attribute.name);
            assert_ne!(attribute.r#type.is_empty(), attribute.nested_type.is_none(), "{place}");
            if !attribute.r#type.is_empty() {
                serde_json::from_slice::<Json>(&attribute.r#type).expect(&place);
            }
        });
    }
}

#[tokio::test]
async fn every_attribute_is_required_or_optional_or_computed() {
    for (name, schema) in all_schemas(Client::start().await.schemas()) {
        for_each_attribute(schema.block.as_ref().expect("a block"), &mut |attribute| {
            let place = format!("{name}: {}", attribute.name);
            assert!(attribute.required || attribute.optional || attribute.computed, "{place}");
            assert!(!(attribute.required && (attribute.optional || attribute.computed)), "{place}");
        });
    }
}

#[tokio::test]
async fn every_function_has_a_result() {
    let client = Client::start().await;
    let functions = &client.schemas().functions;

    assert!(!functions.is_empty());
    for (name, function) in functions {
        let result = function.r#return.as_ref().unwrap_or_else(|| panic!("{name} has no result"));
        serde_json::from_slice::<Json>(&result.r#type).expect("a type is JSON");
    }
}

#[tokio::test]
async fn schema_is_deterministic() {
    let (one, other) = (Client::start().await, Client::start().await);

    assert_eq!(one.schemas().encode_to_vec(), other.schemas().encode_to_vec());
}

#[tokio::test]
async fn attributes_and_blocks_are_sorted() {
    for (name, schema) in all_schemas(Client::start().await.schemas()) {
        let block = schema.block.as_ref().expect("a block");
        assert!(block.attributes.is_sorted_by_key(|attribute| &attribute.name), "{name}");
        assert!(block.block_types.is_sorted_by_key(|nested| &nested.type_name), "{name}");
    }
}

#[tokio::test]
async fn metadata_lists_the_names_in_the_schema() {
    let mut client = Client::start().await;
    let metadata = client.grpc.get_metadata(get_metadata::Request {}).await.expect("a response").into_inner();

    let schema = client.schemas();
    let resources: Vec<_> = metadata.resources.iter().map(|resource| &resource.type_name).collect();
    let data_sources: Vec<_> = metadata.data_sources.iter().map(|source| &source.type_name).collect();
    let functions: Vec<_> = metadata.functions.iter().map(|function| &function.name).collect();
    assert_eq!(resources, schema.resource_schemas.keys().collect::<Vec<_>>());
    assert_eq!(data_sources, schema.data_source_schemas.keys().collect::<Vec<_>>());
    assert_eq!(functions, schema.functions.keys().collect::<Vec<_>>());
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
}

#[tokio::test]
async fn get_functions_lists_the_functions_in_the_schema() {
    let mut client = Client::start().await;
    let listed = client.grpc.get_functions(get_functions::Request {}).await.expect("a response").into_inner();
    assert_eq!(listed.functions, client.schemas().functions);
}

#[tokio::test]
async fn identities_have_simple_types() {
    let request = get_resource_identity_schemas::Request {};
    let mut client = Client::start().await;
    let identities = client.grpc.get_resource_identity_schemas(request).await.expect("a response").into_inner();
    let resources = &client.schemas().resource_schemas;

    assert!(identities.identity_schemas.contains_key(SAMPLE));
    for (name, identity) in identities.identity_schemas {
        assert!(resources.contains_key(&name), "{name}");
        for attribute in identity.identity_attributes {
            assert!(attribute.required_for_import != attribute.optional_for_import, "{name}: {}", attribute.name);
            let ty: Json = serde_json::from_slice(&attribute.r#type).expect("a type is JSON");
            assert!(ty.is_string() || ty[0] == "list", "{name}: {ty}");
        }
    }
}
