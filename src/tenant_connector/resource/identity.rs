//! Which object a resource is: the tenant-wide connection of a workspace, which has only one.

use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;

use super::attributes::{ADOPT_EXISTING, WORKSPACE_ID};

/// The resource's name in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_dfc_tenant_connector";

static CONNECTION: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "connection",
    attribute: WORKSPACE_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "stops the alerts",
};

/// The connection of a workspace, whatever the contract.
pub(super) fn connection(workspace: &WorkspaceId) -> UniqueObject {
    UniqueObject {
        kind: &CONNECTION,
        key: workspace.key(),
        title: format!("the tenant-wide Defender for Cloud connection of the workspace {}", workspace.name()),
        import_id: Some(workspace.to_string()),
    }
}
