//! A Terraform and OpenTofu provider for Microsoft Sentinel.

pub mod azure;
pub mod content_hub;
pub mod data_connector;
pub mod explain;
pub mod framework;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod tenant_connector;
pub mod workspace;
