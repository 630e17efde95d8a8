//! Import: by the ID of the rule, or by identity.

use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Diagnostics, ImportTarget, State};
use crate::incident_rule::api::{self, AlertRules};
use crate::incident_rule::rule::Rule;
use crate::sentinel::{WorkspaceId, is_not_onboarded, not_onboarded};
use crate::session::{self, Session};

use super::attributes::{IDENTITY_NAME, WORKSPACE_ID};
use super::diagnostics;
use super::flatten::flatten;
use super::identity::unique_rule;

pub(super) async fn import(
    ctx: &Context,
    session: &Session,
    target: ImportTarget,
    mut stub: State,
) -> Result<State, Diagnostics> {
    let (workspace, name) = match target {
        ImportTarget::Identity(identity) => (identity.get(&WORKSPACE_ID)?, identity.get(&IDENTITY_NAME)?),
        ImportTarget::Id(id) => parse(&id).map_err(|problem| Diagnostic::error("Invalid import ID", problem))?,
    };
    let deadline = session::deadline(ctx);
    let rules = AlertRules { session, workspace: &workspace, deadline: &deadline };
    let document = rules.get(&name).await.map_err(|error| {
        if is_not_onboarded(&error) {
            not_onboarded(&workspace)
        } else {
            azure_diagnostics::from_error(&error, "reading the rule")
        }
    })?;
    let Some(document) = document else { return Err(diagnostics::nothing_to_import(&workspace, &name).into()) };
    let Some(rule) = Rule::parse(&document) else {
        return Err(diagnostics::other_kind(&workspace, &document).into());
    };
    flatten(&mut stub, &workspace, &name, rule);
    session.ownership().record_import(&unique_rule(&workspace, &name), &mut stub);
    stub.set(&WORKSPACE_ID, workspace);
    Ok(stub)
}

fn parse(id: &str) -> Result<(WorkspaceId, String), String> {
    let malformed = |problem: &str| {
        format!(
            "{id:?} is not the ID of an incident creation rule: {problem}. Expected …/workspaces/{{name}}/providers/{}/{{rule}}.",
            api::TYPE
        )
    };
    let parsed = ResourceId::parse(id).map_err(|error| malformed(error.problem))?;
    if !parsed.is_type(api::TYPE) {
        return Err(malformed(&format!("it is the ID of a {}", parsed.provider_type())));
    }
    match WorkspaceId::containing(&parsed) {
        Some(workspace) => Ok((workspace, parsed.name().to_owned())),
        None => Err(malformed("it is not in a Log Analytics workspace")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn parses_workspace_and_name_of_a_rule_id() {
        let (workspace, name) =
            parse(&format!("{SOC}/providers/microsoft.securityinsights/alertrules/R")).expect("a rule");

        assert_eq!((workspace.to_string().as_str(), name.as_str()), (SOC, "R"));
    }

    #[test]
    fn rejects_other_ids_and_shows_the_format() {
        for (id, problem) in [
            (SOC.to_owned(), "it is the ID of a Microsoft.OperationalInsights/workspaces"),
            ("r".to_owned(), "is not the ID of an incident creation rule"),
            (format!("{SOC}/providers/Microsoft.SecurityInsights/dataConnectors/c"), "dataConnectors"),
        ] {
            let rejection = parse(&id).expect_err("no rule");
            assert!(rejection.contains(problem) && rejection.contains("alertRules/{rule}"), "{rejection}");
        }
    }
}
