//! The argument `endpoint`: parts of a cloud that replace those of the known ones. Named as azapi names them.

use super::arguments::{Argument, arguments};
use crate::framework::{AnyAttribute, Attribute, Invalid, NestedObject, Object};

/// The argument itself. Its parts have environment variables of their own.
pub(super) const ENDPOINT: Attribute<Option<Endpoint>> = Attribute::optional("endpoint")
    .description("Endpoints that replace those of `environment` or of `metadata_host`. Only `https` is accepted.");

arguments! {
    RESOURCE_MANAGER_ENDPOINT: String = "resource_manager_endpoint", ["ARM_RESOURCE_MANAGER_ENDPOINT"],
        "Address of Resource Manager, for example `https://management.azure.com`.";
    RESOURCE_MANAGER_AUDIENCE: String = "resource_manager_audience", ["ARM_RESOURCE_MANAGER_AUDIENCE"],
        "Audience of the tokens for Resource Manager. Default: its address.";
    ACTIVE_DIRECTORY_AUTHORITY_HOST: String = "active_directory_authority_host", ["ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"],
        "Address of Microsoft Entra, for example `https://login.microsoftonline.com`.";
}

/// The parts, as the configuration gives them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Endpoint {
    pub(super) resource_manager_endpoint: Option<String>,
    pub(super) resource_manager_audience: Option<String>,
    pub(super) active_directory_authority_host: Option<String>,
}

impl NestedObject for Endpoint {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[
            &RESOURCE_MANAGER_ENDPOINT.attribute,
            &RESOURCE_MANAGER_AUDIENCE.attribute,
            &ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute,
        ]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            resource_manager_endpoint: object.get(&RESOURCE_MANAGER_ENDPOINT.attribute)?,
            resource_manager_audience: object.get(&RESOURCE_MANAGER_AUDIENCE.attribute)?,
            active_directory_authority_host: object.get(&ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute)?,
        })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&RESOURCE_MANAGER_ENDPOINT.attribute, self.resource_manager_endpoint);
        object.set(&RESOURCE_MANAGER_AUDIENCE.attribute, self.resource_manager_audience);
        object.set(&ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute, self.active_directory_authority_host);
    }
}
