//! Protocol tests: a gRPC client, go-plugin's handshake, Terraform and OpenTofu, with the provider and a test provider.

mod cli;
mod client;
mod contract;
mod echo;
#[cfg(unix)]
mod process;
mod service;
mod wire;
