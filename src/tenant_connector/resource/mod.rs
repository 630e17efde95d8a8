//! The resource `sentinel_dfc_tenant_connector`: its attributes, and a file for each operation that Terraform asks for.

mod attributes;
mod contract_override;
mod create;
mod delete;
mod diagnostics;
mod flatten;
mod identity;
mod import;
mod plan;
mod read;
mod record;
mod resource;
mod tenant;
mod tenant_id;
#[cfg(test)]
mod tests;

pub use resource::TenantConnector;
