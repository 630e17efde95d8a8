//! Plan: what can be known before anything is written. Look-ups only, and of what exists already none at all: what its
//! refresh has found is in the state.
//!
//! `create.rs` plans what is not in the state, `change.rs` what is; what both say of an installation is in `preview.rs`.

mod change;
mod create;
mod preview;

use crate::content_hub::lookup::catalogue::ContentHub;
use crate::content_hub::lookup::selector::Selector;
use crate::framework::{Context, Diagnostics, Knowable, Plan, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use super::attributes::{CONTENT_ID, DISPLAY_NAME, WORKSPACE_ID};
use super::identity::{content_id, solution_in};
use super::{config, diagnostics};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(prior) = plan.prior().cloned() else {
        return match (client, plan.get(&WORKSPACE_ID)?) {
            (Some(session), Knowable::Known(workspace)) => create::plan(ctx, session, &workspace, plan).await,
            _ => Ok(()),
        };
    };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let is_another = match plan.get(&WORKSPACE_ID)? {
        Knowable::Known(planned) if planned == workspace => is_another(ctx, client, &workspace, &prior, plan).await?,
        planned => planned.map(|_| true),
    };
    if is_another == Knowable::Known(false) {
        change::plan(ctx, client, &workspace, &prior, plan).await?;
    } else if let Some(session) = client {
        create::foretell(ctx, session, plan).await?; // what it becomes is planned by itself
    }
    if let (Some(session), Knowable::Known(is_another)) = (client, is_another) {
        session.ownership().plan_existing(ctx, &solution_in(&prior)?, &prior, !is_another)?;
    }
    Ok(())
}

/// Whether the configuration now means another solution, so that this object is replaced. If that is not known, it is.
async fn is_another(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<Knowable<bool>, Diagnostics> {
    let content_id = content_id(prior)?;
    let selector = match config::selector(plan.config())? {
        Knowable::Known(selector) => selector,
        Knowable::Unknown => {
            plan.set_unknown(&CONTENT_ID);
            plan.requires_replace(&CONTENT_ID);
            return Ok(Knowable::Unknown);
        }
    };
    let is_another = match &selector {
        Selector::ContentId(given) => !given.trim().eq_ignore_ascii_case(&content_id),
        Selector::DisplayName(given) => {
            let known = prior.get(&DISPLAY_NAME)?;
            if known.is_some_and(|known| known.trim().to_lowercase() == given.trim().to_lowercase()) {
                return Ok(Knowable::Known(false));
            }
            let Some(session) = client else { return Ok(Knowable::Known(false)) };
            let deadline = session::deadline(ctx);
            let hub = ContentHub::new(session, workspace, &deadline).recent();
            let entry = hub.select(&selector).await.map_err(|error| diagnostics::not_found(&error, &selector))?;
            if entry.package.has_content_id(&content_id) {
                return Ok(Knowable::Known(false));
            }
            plan.set(&CONTENT_ID, Some(entry.package.content_id));
            true
        }
    };
    Ok(Knowable::Known(is_another))
}
