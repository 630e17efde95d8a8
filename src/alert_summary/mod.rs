//! The data source `sentinel_dfc_alert_summary`: whether alerts of Defender for Cloud arrive in a workspace.
//!
//! `window.rs` is the time that counts, `kql.rs` the query, and `summary.rs` turns its rows into numbers. `data_source/` is
//! the Terraform data source.

mod data_source;
mod kql;
mod summary;
mod window;

pub use data_source::AlertSummaryDataSource;
