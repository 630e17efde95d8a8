//! The argument `endpoint`, which overrides endpoints of the selected cloud.
//!
//! The attributes for Resource Manager and Entra have the same names as in azapi. azapi and azurerm have no attributes
//! for the other services. Their names follow the same pattern, and their environment variables belong to this
//! provider.

use super::arguments::{Argument, arguments};
use crate::framework::{Attribute, nested_object};

/// The argument `endpoint`. Each nested attribute has its own environment variable.
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
    LOG_ANALYTICS_ENDPOINT: String = "log_analytics_endpoint", ["SENTINEL_LOG_ANALYTICS_ENDPOINT"],
        "The endpoint of Log Analytics queries, for example `https://api.loganalytics.azure.com`. If Azure Resource Manager or Microsoft Entra is overridden, there is no default.";
    LOG_ANALYTICS_AUDIENCE: String = "log_analytics_audience", ["SENTINEL_LOG_ANALYTICS_AUDIENCE"],
        "The audience of the access tokens for Log Analytics queries. Defaults to `log_analytics_endpoint`.";
    MICROSOFT_GRAPH_ENDPOINT: String = "microsoft_graph_endpoint", ["SENTINEL_MICROSOFT_GRAPH_ENDPOINT"],
        "The Microsoft Graph endpoint, for example `https://graph.microsoft.com`. If Azure Resource Manager or Microsoft Entra is overridden, there is no default.";
    MICROSOFT_GRAPH_AUDIENCE: String = "microsoft_graph_audience", ["SENTINEL_MICROSOFT_GRAPH_AUDIENCE"],
        "The audience of the access tokens for Microsoft Graph. Defaults to `microsoft_graph_endpoint`.";
}

nested_object! {
    /// The nested attributes of `endpoint`.
    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct Endpoint {
        pub(super) resource_manager_endpoint: Option<String> = RESOURCE_MANAGER_ENDPOINT.attribute,
        pub(super) resource_manager_audience: Option<String> = RESOURCE_MANAGER_AUDIENCE.attribute,
        pub(super) active_directory_authority_host: Option<String> = ACTIVE_DIRECTORY_AUTHORITY_HOST.attribute,
        pub(super) log_analytics_endpoint: Option<String> = LOG_ANALYTICS_ENDPOINT.attribute,
        pub(super) log_analytics_audience: Option<String> = LOG_ANALYTICS_AUDIENCE.attribute,
        pub(super) microsoft_graph_endpoint: Option<String> = MICROSOFT_GRAPH_ENDPOINT.attribute,
        pub(super) microsoft_graph_audience: Option<String> = MICROSOFT_GRAPH_AUDIENCE.attribute,
    }
}
