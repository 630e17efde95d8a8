//! HTTPS: certificates, connections, requests and responses.

pub(crate) mod certificate;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod server;

pub use request::Request;
pub(crate) use response::Response;
