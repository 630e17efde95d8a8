//! The argument `endpoint`, which overrides endpoints of the selected cloud. The names are azapi's.

use super::arguments::{Argument, arguments};
use crate::framework::{AnyAttribute, Attribute, Invalid, NestedObject, Object};

/// The argument. Each of its parts has its own environment variable.
pub(super) const ENDPOINT: Attribute<Option<Endpoint>> = Attribute::optional("endpoint").description(
    "Overrides endpoints of the cloud that `environment` or `metadata_host` selects. Only `https` is accepted.",
);

arguments! {
    RESOURCE_MANAGER_ENDPOINT: String = "resource_manager_endpoint", ["ARM_RESOURCE_MANAGER_ENDPOINT"],
        "The Azure Resource Manager endpoint, for example `https://management.azure.com`.";
    RESOURCE_MANAGER_AUDIENCE: String = "resource_manager_audience", ["ARM_RESOURCE_MANAGER_AUDIENCE"],
        "The audience of the access tokens for Azure Resource Manager. Defaults to `resource_manager_endpoint`.";
    ACTIVE_DIRECTORY_AUTHORITY_HOST: String = "active_directory_authority_host", ["ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"],
        "The Microsoft Entra endpoint, for example `https://login.microsoftonline.com`.";
}

/// The parts in the configuration.
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
