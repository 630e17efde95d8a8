//! Queries of Log Analytics, and the data source `sentinel_log_query`.
//!
//! The query API has its own host and audience in each cloud, and identifies a workspace by its customer ID.
//!
//! ```text
//! query.rs          runs a query: customer_id.rs, request.rs, result.rs
//! problem.rs        the cause of an error: invalid text, missing table, no access, too slow, too large, too long
//! diagnostics.rs    errors and warnings about a query
//! iso_duration.rs, timespan.rs   ISO 8601 durations and intervals
//! log_query/        the data source
//! ```

mod customer_id;
pub mod diagnostics;
mod iso_duration;
mod log_query;
mod problem;
mod query;
mod request;
mod result;
mod timespan;

pub use iso_duration::{InvalidTimeRange, IsoDuration};
pub use log_query::LogQueryDataSource;
pub use problem::Problem;
pub use query::{Failure, Query};
pub use result::{Column, QueryResult};
pub use timespan::Timespan;
