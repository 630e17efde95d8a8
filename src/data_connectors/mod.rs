//! The data connectors of a workspace: the data source `sentinel_data_connectors`.
//!
//! - `listed_connector.rs`: one data connector of the list
//! - `tenant_wide.rs`: whether tenant-wide Defender for Cloud alerts are connected
//! - `data_source.rs`: the data source
//!
//! The request that connects the alerts is in `tenant_connector/contract.rs`.

mod data_source;
mod listed_connector;
mod tenant_wide;

pub use data_source::DataConnectorsDataSource;
