//! Which object a resource is: a solution on a workspace. A workspace has each only once.

use crate::azure::resource_id::ResourceId;
use crate::content_hub::installation::Record;
use crate::content_hub::installation::record::KEY;
use crate::framework::{Diagnostic, Diagnostics, State};
use crate::sentinel::WorkspaceId;

use super::attributes::CONTENT_ID;

/// The resource's name in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_content_hub_solution";

/// Key in the private state: which object it is. When a replacement is planned without a prior state, this tells that
/// what is there is the object that is about to be replaced.
pub(super) const OBJECT: &str = "object";

/// What tells a solution on a workspace from all others.
pub(super) fn object_key(workspace: &WorkspaceId, content_id: &str) -> String {
    format!("{}|{}", workspace.key(), content_id.to_lowercase())
}

/// ARM id of the registration of a solution.
pub(super) fn package_id(workspace: &WorkspaceId, content_id: &str) -> ResourceId {
    workspace.sentinel_resource("contentPackages", content_id)
}

/// The mark of the create that made what is in the state, where it is known.
pub(super) fn mark(state: &State) -> Option<String> {
    state.private().get(KEY).and_then(Record::from_json)?.mark
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
