//! Create: writes a new rule, or adopts an existing rule with the same name.

use uuid::Uuid;

use crate::azure_diagnostics;
use crate::framework::{Context, Failed, State};
use crate::incident_rule::api::{self, AlertRules};
use crate::incident_rule::rule::Rule;
use crate::ownership::Claim;
use crate::session::{self, Session};

use super::attributes::{ADOPT_EXISTING, ALERT_RULE_TEMPLATE_GUID, NAME, WORKSPACE_ID, rule_in};
use super::diagnostics;
use super::flatten::set_names;
use super::identity::unique_rule;
use super::write::{find, write};

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let name = planned.get(&NAME).map_err(Failed::nothing_changed)?.unwrap_or_else(|| Uuid::new_v4().to_string());
    let deadline = session::deadline_of_create(ctx);
    let rules = AlertRules { session, workspace: &workspace, deadline: &deadline };
    let _lock = session.lock(&api::id(&workspace, &name), &deadline).await.map_err(|error| {
        let activity = "waiting for another change of the rule";
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    })?;
    let claim =
        session.ownership().claim(&unique_rule(&workspace, &name), &mut planned).map_err(Failed::nothing_changed)?;
    let result = create_or_adopt(ctx, &rules, &name, &claim, planned).await;
    claim.finish(&result);
    result
}

async fn create_or_adopt(
    ctx: &Context,
    rules: &AlertRules<'_>,
    name: &str,
    claim: &Claim<'_>,
    mut planned: State,
) -> Result<State, Failed> {
    let mut rule = rule_in(&planned).map_err(Failed::nothing_changed)?;
    let adopt = planned.get(&ADOPT_EXISTING).map_err(Failed::nothing_changed)?;
    let existing = find(rules, name).await.map_err(Failed::nothing_changed)?;
    set_names(&mut planned, rules.workspace, name);
    if let Some(document) = &existing {
        let Some(found) = Rule::parse(document) else {
            return Err(Failed::nothing_changed(diagnostics::other_kind(rules.workspace, document)));
        };
        let sentence = diagnostics::found(rules.workspace, name, &found);
        if !adopt {
            return Err(Failed::nothing_changed(unique_rule(rules.workspace, name).exists(&sentence)));
        }
        if rule.template.is_none() {
            rule.template.clone_from(&found.template);
        }
        claim.adopts(ctx, &sentence, &diagnostics::adoption(&found, Some(&rule)));
        if found == rule {
            planned.set(&ALERT_RULE_TEMPLATE_GUID, rule.template);
            return Ok(planned);
        }
    }
    planned.set(&ALERT_RULE_TEMPLATE_GUID, rule.template.clone());
    match write(rules, name, &rule, existing).await {
        Ok(()) => Ok(planned),
        Err(error) if error.may_exist => Err(Failed::partial(planned, *error.diagnostic)),
        Err(error) => Err(Failed::nothing_changed(*error.diagnostic)),
    }
}
