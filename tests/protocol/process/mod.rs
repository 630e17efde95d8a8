//! The built binary, started, called and ended the way go-plugin's client does it.

mod calls;
mod certificate;
mod debug;
mod handshake;
mod host;
mod in_flight;
mod logging;
mod shutdown;
mod tls;
