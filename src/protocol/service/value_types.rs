//! The types of the values of the provider, resources and data sources, for decoding and encoding.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::framework::{Diagnostic, Schemas, Type, Value, unknown_type};
use crate::protocol::codec::{dynamic_value, json};
use crate::protocol::proto::{DynamicValue, ResourceIdentityData};

/// The types by resource and data source, computed once from the schemas.
#[derive(Debug)]
pub(super) struct ValueTypes {
    pub(super) provider: ValueType,
    resources: BTreeMap<&'static str, ResourceTypes>,
    data_sources: BTreeMap<&'static str, ValueType>,
}

/// A type that can decode and encode its values.
#[derive(Debug)]
pub(super) struct ValueType(pub(super) Type);

/// The types of a resource.
#[derive(Debug)]
pub(super) struct ResourceTypes {
    pub(super) state: ValueType,
    pub(super) identity: Option<ValueType>,
}

impl ValueTypes {
    pub(super) fn of(schemas: &Schemas) -> Self {
        let resources = schemas.resources.iter().map(|(name, resource)| {
            let types = ResourceTypes {
                state: ValueType(resource.schema.value_type()),
                identity: resource.identity.as_ref().map(|identity| ValueType(identity.value_type())),
            };
            (*name, types)
        });
        let data_sources = schemas.data_sources.iter();
        Self {
            provider: ValueType(schemas.provider.value_type()),
            resources: resources.collect(),
            data_sources: data_sources.map(|(name, schema)| (*name, ValueType(schema.value_type()))).collect(),
        }
    }

    pub(super) fn resource(&self, type_name: &str) -> Result<&ResourceTypes, Diagnostic> {
        self.resources.get(type_name).ok_or_else(|| unknown_type("resource", type_name))
    }

    pub(super) fn data_source(&self, type_name: &str) -> Result<&ValueType, Diagnostic> {
        self.data_sources.get(type_name).ok_or_else(|| unknown_type("data source", type_name))
    }
}

/// `what` names the value in diagnostics: "The configuration".
impl ValueType {
    pub(super) fn decode(&self, value: Option<&DynamicValue>, what: &str) -> Result<Value, Diagnostic> {
        dynamic_value::decode(value, &self.0).map_err(|error| error.into_request_diagnostic(what))
    }

    pub(super) fn decode_json(&self, json: &Json, what: &str) -> Result<Value, Diagnostic> {
        json::decode(json, &self.0).map_err(|error| error.into_request_diagnostic(what))
    }

    pub(super) fn encode(&self, value: &Value, what: &str) -> Result<DynamicValue, Diagnostic> {
        dynamic_value::encode(value, &self.0).map_err(|error| error.into_response_diagnostic(what))
    }

    /// Encodes a value that is given as JSON.
    pub(super) fn encode_json(&self, json: &Json, what: &str) -> Result<DynamicValue, Diagnostic> {
        self.encode(&self.decode_json(json, what)?, what)
    }
}

impl ResourceTypes {
    /// Decodes an identity. There is none before the first apply, and in states of older provider and Terraform
    /// versions.
    pub(super) fn decode_identity(&self, data: Option<&ResourceIdentityData>) -> Result<Option<Value>, Diagnostic> {
        let (Some(identity), Some(data)) = (&self.identity, data) else {
            return Ok(None);
        };
        let value = identity.decode(data.identity_data.as_ref(), "The identity")?;
        Ok((value != Value::Null).then_some(value))
    }

    /// Encodes an identity. Terraform fails if a type without an identity schema has one.
    pub(super) fn encode_identity(&self, value: Option<&Value>) -> Result<Option<ResourceIdentityData>, Diagnostic> {
        let (Some(identity), Some(value)) = (&self.identity, value) else {
            return Ok(None);
        };
        let data = identity.encode(value, "The identity")?;
        Ok(Some(ResourceIdentityData { identity_data: Some(data) }))
    }
}
