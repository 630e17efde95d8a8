//! The identity of the resource: the Defender XDR connector of a workspace, which has only one.

use crate::defender_xdr::Record;
use crate::framework::State;
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::name_for;

use super::attributes::{ADOPT_EXISTING, NAME, WORKSPACE_ID};

pub(super) use crate::defender_xdr::XDR_CONNECTOR as TYPE_NAME;

static CONNECTOR: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "connector",
    attribute: WORKSPACE_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "stops the incidents",
};

/// The connector of a workspace.
pub(super) fn connector(workspace: &WorkspaceId) -> UniqueObject {
    UniqueObject {
        kind: &CONNECTOR,
        key: workspace.key(),
        label: format!("Defender XDR connector in {}", workspace.name()),
        title: format!("the Defender XDR connector of the workspace {}", workspace.name()),
        import_id: Some(workspace.to_string()),
    }
}

/// The name of connectors that this provider creates. All owners of the document use it.
pub(super) fn own_name(workspace: &WorkspaceId) -> String {
    name_for(workspace, MICROSOFT_THREAT_PROTECTION)
}

/// The names that the connector in the state may have in Azure.
pub(super) fn names_in(state: &State, workspace: &WorkspaceId) -> Vec<String> {
    let in_state = state.get(&NAME).ok().flatten();
    let recorded = Record::in_state(state).map(|record| record.connector().to_owned());
    let mut names: Vec<String> = in_state.into_iter().chain(recorded).chain([own_name(workspace)]).collect();
    names.iter_mut().for_each(|name| name.make_ascii_lowercase());
    names.dedup();
    names
}
