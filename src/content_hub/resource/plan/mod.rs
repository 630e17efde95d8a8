//! Plan: only reads. The plan of a solution in the state uses what its refresh has found.
//!
//! `create` plans a new resource, `change` one in the state, and `destroy` its end. `preview` contains the checks of an
//! installation.

mod change;
mod create;
mod destroy;
mod preview;

pub(super) use destroy::plan_destroy;

use crate::content_hub::lookup::content_hub::ContentHub;
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
        create::warn_about_replacement(ctx, session, plan).await?; // Terraform plans the new object separately.
    }
    if let (Some(session), Knowable::Known(is_another)) = (client, is_another) {
        session.ownership().plan_existing(ctx, &solution_in(&prior)?, &prior, !is_another)?;
    }
    Ok(())
}

/// Whether the configuration selects another solution, so that this object is replaced. If that is unknown, it is.
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
            let entry =
                hub.find_entry(&selector).await.map_err(|error| diagnostics::lookup_failed(&error, &selector))?;
            if entry.package.has_content_id(&content_id) {
                return Ok(Knowable::Known(false));
            }
            plan.set(&CONTENT_ID, Some(entry.package.content_id));
            true
        }
    };
    Ok(Knowable::Known(is_another))
}
