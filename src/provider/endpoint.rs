//! The argument `endpoint`, which overrides endpoints of the selected cloud. The names are azapi's.

use super::arguments::{Argument, arguments};
use crate::framework::{Attribute, nested_object};

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

nested_object! {
    /// The parts in the configuration.
    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct Endpoint {
        pub(super) resource_manager_endpoint: Option<String> = RESOURCE_MANAGER_ENDPOINT.attribute,
        pub(super) resource_manager_audience: Option<String> = RESOURCE_MANAGER_AUDIENCE.attribute,
        pub(super) active_directory_authority_host: Option<String> = ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute,
    }
}
