//! Runs Terraform or OpenTofu with the built provider against a simulated Azure.
//!
//! The acceptance tests, `cargo xtask demo` and `cargo xtask bench` share this crate. A [`Cli`] is an executable of one
//! of the two [`Flavor`]s. A [`Sandbox`] is its private folder and environment. A [`Simulator`] is the simulated Azure.
//! A [`TestCli`] is one of the CLIs for the tests. The crate neither reads nor writes files of the user.

pub mod cli;
pub mod mirror;
pub mod plan;
pub mod process;
pub mod sandbox;
pub mod simulator;
pub mod state;
pub mod test_cli;
pub mod world;

pub use cli::{Cli, Flavor, Version};
pub use plan::Plan;
pub use process::{Finished, Running};
pub use sandbox::Sandbox;
pub use simulator::{Requests, Simulator};
pub use state::State;
pub use test_cli::TestCli;

/// The provider's source address in configurations. Terraform and OpenTofu add their own registries.
pub const SOURCE: &str = "sentinel/sentinel";
