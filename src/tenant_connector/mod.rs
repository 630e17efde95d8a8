//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.
//!
//! `contract.rs` says what Azure must hold for the stream to be on, `slice.rs` how to get there and back; the other files
//! are the resource: its attributes, and a file for each thing that Terraform asks of it.

mod attributes;
pub mod contract;
mod contract_override;
mod create;
mod delete;
mod diagnostics;
mod fill;
mod import;
mod plan;
mod read;
mod record;
mod resource;
pub mod slice;
mod tenant;
mod tenant_id;
#[cfg(test)]
mod tests;

pub use resource::TenantConnector;
