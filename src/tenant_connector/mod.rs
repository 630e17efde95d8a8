//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.
//!
//! `contract.rs` says what Azure must hold for the stream to be on, `slice.rs` how to get there and back, and `resource/`
//! is the Terraform resource.

pub mod contract;
mod resource;
pub mod slice;

pub use resource::TenantConnector;
