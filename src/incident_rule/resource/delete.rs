//! Delete: deletes the rule. Succeeds if the rule or Microsoft Sentinel no longer exists.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Context, Failed, State};
use crate::incident_rule::api::{self, AlertRules, Deleted};
use crate::incident_rule::rule::Rule;
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::identity::{name_in, rule_in_state};

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let name = name_in(state).map_err(Failed::nothing_changed)?;
    let object = rule_in_state(state).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline(ctx);
    let failed = |error: &Error| {
        Failed::nothing_changed(azure_diagnostics::from_error(error, "deleting the rule").at(WORKSPACE_ID.path()))
    };
    let _lock = session.lock(&api::id(&workspace, &name), &deadline).await.map_err(|error| failed(&error))?;
    if session.ownership().is_adopted_by_another(&object, state) {
        tracing::info!(rule = name, "another resource has adopted the rule, so it stays");
        return Ok(());
    }
    let rules = AlertRules { session, workspace: &workspace, deadline: &deadline };
    let deleted = unless_gone(session, &workspace, &deadline, async || match rules.find(&name).await? {
        // The rule was deleted, and a rule of another kind now has its name.
        Some(document) if Rule::parse(&document).is_none() => Ok(Deleted::Gone),
        Some(_) => rules.delete(&name).await,
        None => Ok(Deleted::Gone),
    });
    match deleted.await {
        Ok(Deleted::Gone) => {}
        Ok(Deleted::StillListed) => return Err(Failed::nothing_changed(diagnostics::still_listed(&workspace, &name))),
        Err(NotReady::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::NotDeleted, WORKSPACE_ID.path());
        }
        Err(NotReady::Azure(error)) => return Err(failed(&error)),
    }
    session.ownership().record_delete(&object);
    Ok(())
}
