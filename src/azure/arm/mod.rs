//! The Azure Resource Manager client: pure requests, a pure retry decision, one place of I/O.

mod client;
mod envelope;
mod error;
mod paging;
mod request;
pub mod retry;

pub use client::{Client, Correlation, Response};
pub use error::{Detail, ServiceError};
pub use request::Request;
