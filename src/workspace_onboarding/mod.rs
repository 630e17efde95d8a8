//! The onboarding of a workspace to Microsoft Sentinel: `sentinel_workspace_onboarding`.
//!
//! `state.rs` reads and writes Azure's onboarding state. `inventory.rs` counts what an offboarding deletes. `obstacle.rs`
//! recognizes workspaces that Azure does not onboard, and `old_solution.rs` an older way to add Microsoft Sentinel.
//! `resource/` is the Terraform resource.

mod inventory;
mod obstacle;
mod old_solution;
mod resource;
mod state;

pub use resource::WorkspaceOnboarding;
