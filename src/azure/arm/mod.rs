//! The Azure Resource Manager client: pure requests, a pure retry decision, one place of I/O.

mod client;
mod envelope;
mod error;
mod long_running;
mod paging;
mod request;

pub use client::{Client, Correlation, Operation, Poll, Response, Started};
pub use envelope::innermost;
pub use error::{Detail, ServiceError};
pub use long_running::OperationError;
pub use request::Request;
