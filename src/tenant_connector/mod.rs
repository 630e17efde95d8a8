//! The tenant-wide stream of Defender for Cloud alerts: `sentinel_dfc_tenant_connector`.

pub mod contract;
pub mod slice;
