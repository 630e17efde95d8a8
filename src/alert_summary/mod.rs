//! The data source `sentinel_dfc_alert_summary`, which checks whether Defender for Cloud alerts arrive in a workspace.
//!
//! `window.rs` is the time window, and `kql.rs` the query. `summary.rs` turns the rows of the query into numbers.
//! `data_source/` is the Terraform data source.

mod data_source;
mod kql;
mod summary;
mod window;

pub use data_source::AlertSummaryDataSource;
