//! The resource `sentinel_content_hub_solution`: a solution in a workspace, as Terraform sees it.
//!
//! What is installed and how is decided and done by [`super::installation`]; these files are the resource: its
//! attributes, and a file for each thing that Terraform asks of it.

mod attributes;
mod config;
mod create;
mod delete;
mod dependencies;
mod deployment_diagnostic;
mod diagnostics;
mod earlier_deployment;
mod flatten;
mod identity;
mod import;
mod install_kind;
mod install_step;
mod plan;
mod read;
mod resource;
#[cfg(test)]
mod tests;
mod update;

pub use resource::SolutionResource;
