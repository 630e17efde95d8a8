//! The tfplugin6 service: decodes what the CLI asks, calls the framework, encodes what it answers.

mod codec;
pub mod proto;
mod service;

pub use service::{Service, service};
