//! The Terraform plugin protocol, version 6: decodes requests, calls the framework, and encodes responses.

mod codec;
pub mod proto;
mod service;

pub use service::{Service, service};
