//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.
//!
//! `contract.rs` says what Azure must hold for the stream to be on, and `resource/` is the Terraform resource. The rules of
//! the document that holds the stream are in `defender_xdr`.

pub mod contract;
mod resource;

pub use resource::TenantConnector;
