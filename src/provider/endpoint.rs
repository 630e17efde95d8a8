//! The argument `endpoint`: parts of a cloud that replace those of the known ones. Named as azapi names them.

use super::arguments::{Argument, arguments};
use crate::framework::{Attribute, nested_object};

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

nested_object! {
    /// The parts, as the configuration gives them.
    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct Endpoint {
        pub(super) resource_manager_endpoint: Option<String> = RESOURCE_MANAGER_ENDPOINT.attribute,
        pub(super) resource_manager_audience: Option<String> = RESOURCE_MANAGER_AUDIENCE.attribute,
        pub(super) active_directory_authority_host: Option<String> = ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute,
    }
}
