//! Tests of the built executable, which start, call and end it like go-plugin's client.

mod calls;
mod certificate;
mod debug;
mod handshake;
mod host;
mod in_flight;
mod logging;
mod shutdown;
mod tls;
