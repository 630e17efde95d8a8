//! Import: by resource ID, by `workspace_id|content_id`, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::content_hub::content_id::is_content_id;
use crate::content_hub::installation::{Observation, Repair};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::lookup::diagnostics as lookup_diagnostics;
use crate::content_hub::lookup::selector::Selector;
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::sentinel::{WorkspaceId, confirming_absence, is_not_onboarded, not_onboarded};
use crate::session::{self, Session};

use super::attributes::{CONTENT_ID, IDENTITY_CONTENT_ID, REPAIR, WORKSPACE_ID};
use super::diagnostics;
use super::identity::solution;

const TYPES: [&str; 2] =
    ["Microsoft.SecurityInsights/contentPackages", "Microsoft.SecurityInsights/contentProductPackages"];

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut state: State,
) -> Result<State, Diagnostics> {
    let Target { workspace, content_id } = Target::from_request(&target)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).cached();
    let read = || Observation::read(&hub, &content_id, None);
    let observation = confirming_absence(session, &workspace, &deadline, read).await.map_err(|error| {
        if is_not_onboarded(&error) {
            not_onboarded(&workspace)
        } else {
            azure_diagnostics::from_error(&error, "reading the solution")
        }
    })?;
    if !observation.is_present() {
        return Err(nothing_to_import(&hub, &content_id, &observation).await.into());
    }
    let content_id = observation.package().map_or(content_id, |package| package.content_id.clone());
    session.ownership().record_import(&solution(&workspace, &content_id), &mut state);
    state.set(&WORKSPACE_ID, workspace);
    state.set(&CONTENT_ID, Some(content_id));
    state.set(&REPAIR, Some(Repair::Warn));
    Ok(state)
}

/// The solution to import.
#[derive(Debug, PartialEq)]
struct Target {
    workspace: WorkspaceId,
    content_id: String,
}

impl Target {
    fn from_request(target: &ImportTarget) -> Result<Self, Diagnostics> {
        match target {
            ImportTarget::Identity(identity) => {
                Ok(Self { workspace: identity.get(&WORKSPACE_ID)?, content_id: identity.get(&IDENTITY_CONTENT_ID)? })
            }
            ImportTarget::Id(id) => {
                Self::parse(id).map_err(|problem| Diagnostic::error("Invalid import ID", problem).into())
            }
        }
    }

    fn parse(id: &str) -> Result<Self, String> {
        let id = id.trim();
        if let Some((workspace, content_id)) = id.split_once('|') {
            let workspace = WorkspaceId::parse(workspace.trim()).map_err(|error| format!("{error}."))?;
            let content_id = content_id.trim().to_owned();
            if !is_content_id(&content_id) {
                return Err(format!("{id:?} has no valid content ID after the \"|\". {EXPECTED}"));
            }
            return Ok(Self { workspace, content_id });
        }
        let malformed = |problem: &str| format!("{id:?} is not the ID of an installed solution: {problem}. {EXPECTED}");
        let parsed = ResourceId::parse(id).map_err(|error| {
            let problem = malformed(error.problem);
            match error.inside.filter(is_solution) {
                Some(inside) => format!("{problem} Use \"{inside}\"."),
                None => problem,
            }
        })?;
        if !is_solution(&parsed) {
            return Err(malformed(&format!("it is the ID of a {}", parsed.provider_type())));
        }
        match WorkspaceId::containing(&parsed) {
            Some(workspace) => Ok(Self { workspace, content_id: parsed.name().to_owned() }),
            None => Err(malformed("it is not in a Log Analytics workspace")),
        }
    }
}

fn is_solution(id: &ResourceId) -> bool {
    TYPES.iter().any(|own| id.is_type(own))
}

const EXPECTED: &str = "Expected …/workspaces/{name}/providers/Microsoft.SecurityInsights/contentPackages/{content ID}, \
                        or the ID of the workspace, \"|\", and the content ID.";

/// The error of an import of a solution that is not installed. `content_id` may be a display name by mistake.
async fn nothing_to_import(hub: &ContentHub<'_>, content_id: &str, observation: &Observation) -> Diagnostic {
    const SUMMARY: &str = "Nothing to import";
    let workspace = hub.workspace;
    if observation.entry.is_some() {
        let title = diagnostics::title(observation, content_id);
        return Diagnostic::error(
            SUMMARY,
            format!(
                "The solution \"{title}\" is not installed in the workspace {}. To install it, remove the `import` block and apply.",
                workspace.name()
            ),
        );
    }
    match hub.find_entry(&Selector::DisplayName(content_id.to_owned())).await {
        Ok(entry) => Diagnostic::error(
            SUMMARY,
            format!(
                "\"{content_id}\" is the name of a solution, but an import needs its content ID. Import this ID: {workspace}|{}",
                entry.package.content_id
            ),
        ),
        Err(_) => match hub.find_entry(&Selector::ContentId(content_id.to_owned())).await {
            Err(error) => lookup_diagnostics::lookup_failed(&error),
            Ok(_) => Diagnostic::error(
                SUMMARY,
                format!("The workspace {} has no such solution. {EXPECTED}", workspace.name()),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn accepts_a_resource_id_and_workspace_with_content_id() {
        let package = format!("{SOC}/providers/microsoft.securityinsights/contentpackages/a.b");
        let expected =
            Target { workspace: WorkspaceId::parse(SOC).expect("a workspace"), content_id: "a.b".to_owned() };

        assert_eq!(Target::parse(&package), Ok(expected));
        assert_eq!(Target::parse(&format!("{SOC}|a.b")), Target::parse(&package));
        assert_eq!(Target::parse(&format!(" {package}\n")), Target::parse(&package));
    }

    #[test]
    fn rejects_other_ids_and_shows_both_formats() {
        for id in [SOC, "a.b", &format!("{SOC}|"), &format!("{SOC}/providers/Microsoft.SecurityInsights/alertRules/r")]
        {
            let problem = Target::parse(id).expect_err("no solution");
            assert!(problem.contains("contentPackages/{content ID}"), "{problem}");
        }
        assert!(Target::parse("law-soc|a.b").expect_err("no workspace").contains("law-soc"));
    }
}
