//! The types that the provider's values have on the wire, by the name of what they belong to.
//!
//! Made once from the schemas: every call needs one of them to read and write its values.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::framework::{Diagnostic, Schemas, Type, Value, unknown_type};
use crate::protocol::codec::{dynamic_value, json};
use crate::protocol::proto::{DynamicValue, ResourceIdentityData};

#[derive(Debug)]
pub(super) struct Shapes {
    pub(super) provider: Shape,
    resources: BTreeMap<&'static str, ResourceShape>,
    data_sources: BTreeMap<&'static str, Shape>,
}

/// A type whose values are read and written.
#[derive(Debug)]
pub(super) struct Shape(pub(super) Type);

/// The types of a resource.
#[derive(Debug)]
pub(super) struct ResourceShape {
    pub(super) state: Shape,
    pub(super) identity: Option<Shape>,
}

impl Shapes {
    pub(super) fn of(schemas: &Schemas) -> Self {
        let resources = schemas.resources.iter().map(|(name, resource)| {
            let shape = ResourceShape {
                state: Shape(resource.schema.value_type()),
                identity: resource.identity.as_ref().map(|identity| Shape(identity.value_type())),
            };
            (*name, shape)
        });
        let data_sources = schemas.data_sources.iter();
        Self {
            provider: Shape(schemas.provider.value_type()),
            resources: resources.collect(),
            data_sources: data_sources.map(|(name, schema)| (*name, Shape(schema.value_type()))).collect(),
        }
    }

    pub(super) fn resource(&self, type_name: &str) -> Result<&ResourceShape, Diagnostic> {
        self.resources.get(type_name).ok_or_else(|| unknown_type("resource", type_name))
    }

    pub(super) fn data_source(&self, type_name: &str) -> Result<&Shape, Diagnostic> {
        self.data_sources.get(type_name).ok_or_else(|| unknown_type("data source", type_name))
    }
}

impl Shape {
    /// Reads a value from a request; `what` names it for the user: "The configuration".
    pub(super) fn read(&self, value: Option<&DynamicValue>, what: &str) -> Result<Value, Diagnostic> {
        dynamic_value::decode(value, &self.0).map_err(|error| error.in_request(what))
    }

    /// Reads a value that was saved as JSON.
    pub(super) fn read_json(&self, json: &Json, what: &str) -> Result<Value, Diagnostic> {
        json::decode(json, &self.0).map_err(|error| error.in_request(what))
    }

    /// Writes a value into an answer; `what` names it for the user: "The plan".
    pub(super) fn write(&self, value: &Value, what: &str) -> Result<DynamicValue, Diagnostic> {
        dynamic_value::encode(value, &self.0).map_err(|error| error.in_answer(what))
    }
}

impl ResourceShape {
    /// Reads an identity. There is none before the first apply, or when the state is from an older provider or CLI.
    pub(super) fn read_identity(&self, data: Option<&ResourceIdentityData>) -> Result<Option<Value>, Diagnostic> {
        let (Some(identity), Some(data)) = (&self.identity, data) else {
            return Ok(None);
        };
        let value = identity.read(data.identity_data.as_ref(), "The identity")?;
        Ok((value != Value::Null).then_some(value))
    }

    /// Writes an identity. For a type without an identity schema there is none: Terraform would fail on it.
    pub(super) fn write_identity(&self, value: Option<&Value>) -> Result<Option<ResourceIdentityData>, Diagnostic> {
        let (Some(identity), Some(value)) = (&self.identity, value) else {
            return Ok(None);
        };
        let data = identity.write(value, "The identity")?;
        Ok(Some(ResourceIdentityData { identity_data: Some(data) }))
    }
}
