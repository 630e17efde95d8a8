//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.
//!
//! `contract.rs` says what Azure must hold for the stream to be on, `contract_arguments.rs` what a configuration says about
//! it, and `resource/` is the Terraform resource. The rules of
//! the document that holds the stream are in `defender_xdr`.

pub mod contract;
pub mod contract_arguments;
mod resource;

pub use resource::TenantConnector;
