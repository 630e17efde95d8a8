//! Update: writes the changed rule. A change of other attributes writes nothing to Azure.

use crate::azure_diagnostics;
use crate::framework::{Context, Failed, State};
use crate::incident_rule::api::{self, AlertRules};
use crate::incident_rule::rule::Rule;
use crate::session::{self, Session};

use super::attributes::{ALERT_RULE_TEMPLATE_GUID, WORKSPACE_ID, rule_in};
use super::diagnostics;
use super::flatten::set_names;
use super::identity::name_in;
use super::write::{find, write};

pub(super) async fn update(
    ctx: &Context,
    session: &Session,
    prior: &State,
    mut planned: State,
) -> Result<State, Failed> {
    let old = rule_in(prior).ok(); // A state that was moved without a refresh may lack arguments.
    let mut rule = rule_in(&planned).map_err(Failed::nothing_changed)?;
    if rule.template.is_none() {
        rule.template = old.as_ref().and_then(|old| old.template.clone());
        planned.set(&ALERT_RULE_TEMPLATE_GUID, rule.template.clone());
    }
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let name = name_in(prior).map_err(Failed::nothing_changed)?;
    set_names(&mut planned, &workspace, &name);
    if old.as_ref() == Some(&rule) {
        return Ok(planned);
    }
    let deadline = session::deadline(ctx);
    let rules = AlertRules { session, workspace: &workspace, deadline: &deadline };
    let _lock = session.lock(&api::id(&workspace, &name), &deadline).await.map_err(|error| {
        let activity = "waiting for another change of the rule";
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    })?;
    let existing = find(&rules, &name).await.map_err(Failed::nothing_changed)?;
    if let Some(document) = existing.as_ref().filter(|document| Rule::parse(document).is_none()) {
        return Err(Failed::nothing_changed(diagnostics::other_kind(&workspace, document)));
    }
    match write(&rules, &name, &rule, existing).await {
        Ok(()) => Ok(planned),
        Err(error) => Err(Failed::nothing_changed(*error.diagnostic)),
    }
}
