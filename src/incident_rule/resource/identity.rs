//! The identity of the resource: the name of a rule in a workspace.

use crate::framework::{Diagnostic, Diagnostics, State};
use crate::incident_rule::api;
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;

use super::attributes::{ADOPT_EXISTING, NAME, WORKSPACE_ID};

/// The type of the resource in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_incident_creation_rule";

static RULE: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "rule",
    attribute: NAME.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "deletes the rule",
};

/// The rule with this name. A workspace can have only one.
pub(super) fn unique_rule(workspace: &WorkspaceId, name: &str) -> UniqueObject {
    UniqueObject {
        kind: &RULE,
        key: format!("{}|{}", workspace.key(), name.to_lowercase()),
        title: format!("the rule {name} in the workspace {}", workspace.name()),
        label: format!("rule {name} in {}", workspace.name()),
        import_id: Some(api::id(workspace, name).to_string()),
    }
}

/// The rule in `state`.
pub(super) fn rule_in_state(state: &State) -> Result<UniqueObject, Diagnostics> {
    Ok(unique_rule(&state.get(&WORKSPACE_ID)?, &name_in(state)?))
}

/// The name in `state`. An error if it is empty, because requests would then address all rules of the workspace.
pub(super) fn name_in(state: &State) -> Result<String, Diagnostics> {
    state.get(&NAME)?.filter(|name| !name.trim().is_empty()).ok_or_else(|| {
        Diagnostic::error(
            "The state contains no name",
            "The state of this resource has no `name`, so the provider cannot find the rule. Remove the resource from \
             the state (`terraform state rm`), and import the rule.",
        )
        .at(NAME.path())
        .into()
    })
}
