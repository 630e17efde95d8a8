//! Protocol tests: a gRPC client, go-plugin's handshake, and real CLIs against the provider and a provider for tests.

mod cli;
mod client;
mod contract;
mod echo;
#[cfg(unix)]
mod process;
mod service;
mod wire;
