//! Import: by the ID of the workspace, by the ID of the onboarding state, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};
use crate::workspace_onboarding::state;

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::flatten::flatten;
use super::identity::onboarding;

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut stub: State,
) -> Result<State, Diagnostics> {
    let workspace = match target {
        ImportTarget::Identity(identity) => identity.get(&WORKSPACE_ID)?,
        ImportTarget::Id(id) => parse(&id).map_err(|problem| Diagnostic::error("Invalid import ID", problem))?,
    };
    let onboarded = state::get(session, &workspace, &session::deadline(ctx))
        .await
        .map_err(|error| azure_diagnostics::from_error(&error, "reading the onboarding state"))?;
    let Some(onboarded) = onboarded else { return Err(diagnostics::nothing_to_import(&workspace).into()) };
    flatten(&mut stub, &workspace, onboarded);
    session.ownership().record_import(&onboarding(&workspace), &mut stub);
    stub.set(&WORKSPACE_ID, workspace);
    Ok(stub)
}

fn parse(id: &str) -> Result<WorkspaceId, String> {
    let not_a_workspace = match WorkspaceId::parse(id) {
        Ok(workspace) => return Ok(workspace),
        Err(error) => error,
    };
    let state = ResourceId::parse(id).ok().filter(|id| id.is_type(state::TYPE));
    state.filter(|id| id.name().eq_ignore_ascii_case(state::NAME)).and_then(|id| WorkspaceId::containing(&id)).ok_or_else(
        || {
            format!(
                "{not_a_workspace}. The ID of its onboarding state is also allowed: …/workspaces/{{name}}/providers/{}/{}.",
                state::TYPE,
                state::NAME
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn accepts_a_workspace_id_and_an_onboarding_state_id() {
        let state = format!("{SOC}/providers/microsoft.securityinsights/onboardingstates/Default");

        assert_eq!(parse(SOC), parse(&state));
        assert_eq!(parse(SOC).map(|workspace| workspace.to_string()).as_deref(), Ok(SOC));
    }

    #[test]
    fn rejects_other_ids_and_shows_both_formats() {
        for id in ["law-soc", &format!("{SOC}/providers/Microsoft.SecurityInsights/onboardingStates/other")] {
            let problem = parse(id).expect_err("no onboarding");
            assert!(problem.contains("law-soc") && problem.contains("onboardingStates/default"), "{problem}");
        }
    }
}
