//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.
//!
//! - `contract.rs`: the document that Azure must contain if the alerts are connected
//! - `contract_arguments.rs`: the arguments of `contract = { … }`, and which combinations are valid
//! - `resource/`: the Terraform resource
//!
//! The rules for changing the shared document are in `defender_xdr`.

pub mod contract;
pub mod contract_arguments;
mod resource;

pub use resource::TenantConnector;
