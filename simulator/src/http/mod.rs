//! The wire: TLS, HTTP/1.1 and HTTP/2, and connections that break when a fault says so.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod certificate;
pub(crate) mod server;

pub(crate) use answer::Answer;
pub(crate) use call::Call;
