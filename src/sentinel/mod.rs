//! Microsoft Sentinel: workspaces, onboarding, tenants and data connectors.

mod collection;
pub mod data_connector;
mod gone;
mod location;
mod onboarding;
mod planned_creation;
mod readiness;
mod tenant;
mod tenant_id;
mod workspace_id;

pub use collection::Collection;
pub use gone::{Consequence, is_gone, warn_that_sentinel_is_gone};
pub use location::{Location, unreadable_workspace};
pub use onboarding::{Onboarding, OnboardingState, is_not_onboarded, not_onboarded};
pub use planned_creation::{Fact, PlannedCreation, ROLE_OF_SAME_APPLY, missing_permission};
pub use readiness::{NotReady, confirming_absence, unless_gone, when_onboarded, while_onboarded};
pub use tenant::Tenant;
pub use tenant_id::TenantId;
pub use workspace_id::WorkspaceId;
