//! The data connectors of a workspace: the data source `sentinel_data_connectors`.
//!
//! `listed_connector.rs` describes one document, `tenant_wide.rs` answers whether tenant-wide Defender for Cloud alerts are
//! connected, and `data_source.rs` is the data source. The request that connects the alerts is in
//! `tenant_connector/contract.rs`.

mod data_source;
mod listed_connector;
mod tenant_wide;

pub use data_source::DataConnectorsDataSource;
