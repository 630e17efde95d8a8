//! Drives a real Terraform or OpenTofu against the built provider and a simulated Azure.
//!
//! One crate for the three who need it: the acceptance tests, `cargo xtask demo` and `cargo xtask bench`.
//! A [`Cli`] is a binary of one of the two [`Flavour`]s, a [`Sandbox`] the private folder and environment that it
//! runs in, a [`Simulator`] the Azure that it talks to. Nothing of the user's is read or written.

pub mod cli;
pub mod mirror;
pub mod plan;
pub mod process;
pub mod sandbox;
pub mod simulator;
pub mod state;
pub mod world;

pub use cli::{Cli, Flavour, Version};
pub use plan::Plan;
pub use process::{Finished, Running};
pub use sandbox::Sandbox;
pub use simulator::{Requests, Simulator};
pub use state::State;

/// The provider's source address as configurations write it; each CLI adds its own registry in front.
pub const SOURCE: &str = "sentinel/sentinel";
