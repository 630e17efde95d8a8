//! Read: finds the rule by its name.

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::incident_rule::api::AlertRules;
use crate::incident_rule::rule::Rule;
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::flatten::flatten;
use super::identity::{name_in, rule_in_state};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let name = name_in(&state)?;
    let object = rule_in_state(&state)?;
    let deadline = session::deadline(ctx);
    let rules = AlertRules { session, workspace: &workspace, deadline: &deadline };
    match unless_gone(session, &workspace, &deadline, || rules.find(&name)).await {
        Ok(Some(document)) => {
            if let Some(rule) = Rule::parse(&document) {
                flatten(&mut state, &workspace, &name, rule);
                session.ownership().record_found(&object, &mut state);
                return Ok(Read::Found(state));
            }
            ctx.warn(diagnostics::replaced_by_another_kind(&workspace, &document));
        }
        Ok(None) => {}
        Err(NotReady::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
        }
        Err(NotReady::Azure(error)) => {
            return Err(azure_diagnostics::from_error(&error, "reading the rule").at(WORKSPACE_ID.path()).into());
        }
    }
    session.ownership().record_missing(&object, &state);
    Ok(Read::Gone)
}
