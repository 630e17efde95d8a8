//! What is Microsoft Sentinel's: the workspace it runs on, its onboarding, and its data connector documents.

pub mod data_connector;
mod gone;
pub(crate) mod location;
pub(crate) mod onboarding;
mod readiness;
pub(crate) mod tenant;
mod workspace_id;

pub use gone::is_gone;
pub use onboarding::{Onboarding, is_not_onboarded, not_onboarded};
pub use readiness::{NotReady, when_onboarded};
pub use workspace_id::{InvalidWorkspaceId, WorkspaceId};
