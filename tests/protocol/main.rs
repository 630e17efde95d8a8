//! The plugin protocol, spoken from outside: a generated gRPC client, and real CLIs, against a provider made for it.

mod cli;
mod client;
mod contract;
mod core;
mod echo;
#[cfg(unix)]
mod process;
mod traps;
mod wire;
