//! Which object a resource is: a solution on a workspace. A workspace has each only once.

use crate::azure::resource_id::ResourceId;
use crate::framework::{Diagnostic, Diagnostics, State};
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;

use super::attributes::{ADOPT_EXISTING, CONTENT_ID, WORKSPACE_ID};

/// The resource's name in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_content_hub_solution";

static SOLUTION: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "solution",
    attribute: CONTENT_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "uninstalls the solution",
};

/// The solution as an object of which the workspace has one.
pub(super) fn solution(workspace: &WorkspaceId, content_id: &str) -> UniqueObject {
    UniqueObject {
        kind: &SOLUTION,
        key: format!("{}|{}", workspace.key(), content_id.to_lowercase()),
        title: format!("the solution {content_id} in the workspace {}", workspace.name()),
        import_id: Some(format!("{workspace}|{content_id}")),
    }
}

/// The same, of what is in the state.
pub(super) fn solution_in(state: &State) -> Result<UniqueObject, Diagnostics> {
    Ok(solution(&state.get(&WORKSPACE_ID)?, &content_id(state)?))
}

/// ARM id of the registration of a solution.
pub(super) fn package_id(workspace: &WorkspaceId, content_id: &str) -> ResourceId {
    workspace.sentinel_resource("contentPackages", content_id)
}

/// The content id of what is in the state. Without one, requests would be about all solutions of the workspace.
pub(super) fn content_id(state: &State) -> Result<String, Diagnostics> {
    state.get(&CONTENT_ID)?.filter(|content_id| !content_id.trim().is_empty()).ok_or_else(|| {
        Diagnostic::error(
            "The state names no solution",
            "The state of this resource has no content_id, so that it cannot be told which solution it is. Take it out of the \
             state (`terraform state rm`), and import the solution.",
        )
        .at(CONTENT_ID.path())
        .into()
    })
}
