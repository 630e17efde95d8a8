//! The onboarding of a workspace to Microsoft Sentinel: `sentinel_workspace_onboarding`.
//!
//! `state.rs` reads and writes Azure's onboarding state. `inventory.rs` counts the objects that an offboarding deletes.
//! `workspace_problem.rs` recognizes workspaces that Azure does not onboard. `legacy_solution.rs` recognizes an older
//! way to add Microsoft Sentinel. `resource/` is the Terraform resource.

mod inventory;
mod legacy_solution;
mod resource;
mod state;
mod workspace_problem;

pub use resource::WorkspaceOnboarding;
