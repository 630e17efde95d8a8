//! Drives a real Terraform or OpenTofu against the built provider and a simulated Azure.
//!
//! The acceptance tests, `cargo xtask demo` and `cargo xtask bench` share this crate. A [`Cli`] is a binary of one of the
//! two [`Flavour`]s, a [`Sandbox`] the private folder and environment that it runs in, a [`Simulator`] the Azure that it
//! talks to. A [`TestCli`] names one of the CLIs that the tests run with. Nothing of the user's is read or written.

pub mod cli;
pub mod mirror;
pub mod plan;
pub mod process;
pub mod sandbox;
pub mod simulator;
pub mod state;
pub mod test_cli;
pub mod world;

pub use cli::{Cli, Flavour, Version};
pub use plan::Plan;
pub use process::{Finished, Running};
pub use sandbox::Sandbox;
pub use simulator::{Requests, Simulator};
pub use state::State;
pub use test_cli::TestCli;

/// The provider's source address as configurations write it; each CLI adds its own registry in front.
pub const SOURCE: &str = "sentinel/sentinel";
