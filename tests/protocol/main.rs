//! The plugin protocol, spoken from outside: a generated gRPC client, and real CLIs, against a provider made for it.

mod contract;
#[cfg(unix)]
mod process;
