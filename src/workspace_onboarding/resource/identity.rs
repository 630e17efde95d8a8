//! The identity of the resource: the onboarding of a workspace, which has at most one.

use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;

use super::attributes::{ADOPT_EXISTING, WORKSPACE_ID};

/// The type of the resource in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_workspace_onboarding";

static ONBOARDING: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "onboarding",
    attribute: WORKSPACE_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "removes Microsoft Sentinel from the workspace",
};

/// The onboarding of a workspace.
pub(super) fn onboarding(workspace: &WorkspaceId) -> UniqueObject {
    UniqueObject {
        kind: &ONBOARDING,
        key: workspace.key(),
        title: format!("the onboarding of the workspace {}", workspace.name()),
        label: format!("onboarding of {}", workspace.name()),
        import_id: Some(workspace.to_string()),
    }
}
