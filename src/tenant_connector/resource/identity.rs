//! The identity of the resource: the tenant-wide connection of a workspace, which has only one.

use crate::defender_xdr::Record;
use crate::framework::State;
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;

use super::attributes::{ADOPT_EXISTING, NAME, WORKSPACE_ID};

/// The type of the resource in a configuration.
pub(super) use crate::defender_xdr::TENANT_CONNECTOR as TYPE_NAME;

static CONNECTION: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "connector",
    attribute: WORKSPACE_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "stops the alerts",
};

/// The connection of a workspace. It does not depend on the contract.
pub(super) fn connection(workspace: &WorkspaceId) -> UniqueObject {
    UniqueObject {
        kind: &CONNECTION,
        key: workspace.key(),
        label: format!("tenant-based connector in {}", workspace.name()),
        title: format!("the tenant-based Defender for Cloud connector of the workspace {}", workspace.name()),
        import_id: Some(workspace.to_string()),
    }
}

/// The names that the connector in the state may have in Azure.
pub(super) fn names_in(state: &State, record: Option<&Record>, own_name: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let in_state = state.get(&NAME).ok().flatten();
    let recorded = record.map(|record| record.connector().to_owned());
    for name in in_state.into_iter().chain(recorded).chain([own_name.to_owned()]) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
    }
    names
}
