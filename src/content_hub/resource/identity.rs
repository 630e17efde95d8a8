//! The identity of the resource: a solution in a workspace. A workspace contains each solution at most once.

use crate::azure::resource_id::ResourceId;
use crate::content_hub::api::collection::INSTALLED_PACKAGES;
use crate::framework::{Config, Diagnostic, Diagnostics, State};
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

use super::attributes::{ADOPT_EXISTING, CONTENT_ID, WORKSPACE_ID};

/// The type of the resource in a configuration.
pub(super) const TYPE_NAME: &str = "sentinel_content_hub_solution";

static SOLUTION: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "solution",
    attribute: CONTENT_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "uninstalls the solution",
};

/// The solution, as an object that only one resource may manage.
pub(super) fn solution(workspace: &WorkspaceId, content_id: &str) -> UniqueObject {
    UniqueObject {
        kind: &SOLUTION,
        key: format!("{}|{}", workspace.key(), content_id.to_lowercase()),
        label: format!("solution {content_id} in {}", workspace.name()),
        title: format!("the solution {content_id} in the workspace {}", workspace.name()),
        import_id: Some(format!("{workspace}|{content_id}")),
    }
}

/// Whether another plan of this run installs or upgrades the solution. A resource that is planned again, identified by
/// `config`, gets the same result as the first time.
#[must_use]
pub fn is_being_installed(session: &Session, workspace: &WorkspaceId, content_id: &str, config: &Config) -> bool {
    let key = solution(workspace, content_id).key;
    let fact = upgrade(&key);
    session.memoized(fact.clone(), config, || {
        session.is_announced(&fact) || session.ownership().is_being_created(TYPE_NAME, key)
    })
}

/// Announces to the other plans of this run that this plan upgrades or repairs an installed solution.
pub(super) fn announce_installation(session: &Session, workspace: &WorkspaceId, content_id: &str) {
    session.announce(upgrade(&solution(workspace, content_id).key));
}

fn upgrade(key: &str) -> String {
    format!("an installation of the solution {key}")
}

/// The solution in `state`.
pub(super) fn solution_in(state: &State) -> Result<UniqueObject, Diagnostics> {
    Ok(solution(&state.get(&WORKSPACE_ID)?, &content_id(state)?))
}

/// The ID of the registration of a solution.
pub(super) fn package_id(workspace: &WorkspaceId, content_id: &str) -> ResourceId {
    workspace.sentinel_resource(INSTALLED_PACKAGES, content_id)
}

/// The content ID in `state`. It must not be empty, because then the request paths would address all solutions.
pub(super) fn content_id(state: &State) -> Result<String, Diagnostics> {
    state.get(&CONTENT_ID)?.filter(|content_id| !content_id.trim().is_empty()).ok_or_else(|| {
        Diagnostic::error(
            "The state contains no content ID",
            "The state of this resource has no `content_id`, so the provider cannot find the solution. Remove the \
             resource from the state (`terraform state rm`), and import the solution.",
        )
        .at(CONTENT_ID.path())
        .into()
    })
}
