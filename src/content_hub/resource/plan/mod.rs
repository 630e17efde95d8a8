//! Plan: only reads from Azure. The plan of a solution in the state uses the result of its refresh.
//!
//! `create` plans a new resource, `change` plans a resource in the state, and `destroy` plans its deletion. `preview`
//! contains the checks before an installation.

mod change;
mod create;
mod destroy;
mod preview;

pub(super) use destroy::plan_destroy;

use crate::content_hub::installation::Repair;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::lookup::selector::Selector;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use self::preview::set_if_not_configured;
use super::attributes::{CONTENT_ID, DISPLAY_NAME, REPAIR, WORKSPACE_ID};
use super::diagnostics::Subject;
use super::identity::{announce_installation, content_id, solution_in};
use super::{config, diagnostics};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(prior) = plan.prior().cloned() else {
        set_if_not_configured(plan, &REPAIR, Some(Repair::default()));
        return match (client, plan.get(&WORKSPACE_ID)?) {
            (Some(session), Knowable::Known(workspace)) => create::plan(ctx, session, &workspace, plan).await,
            _ => Ok(()),
        };
    };
    let workspace = prior.get(&WORKSPACE_ID)?;
    plan_replacement_by_name(ctx, client, &workspace, &prior, plan).await?;
    let (stays, installs) = match plan.action() {
        PlannedAction::Undecided => return Ok(()), // The solution is not known yet.
        PlannedAction::Replace => {
            // Terraform plans the new resource separately.
            let content_id = content_id(&prior)?;
            let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());
            let subject = Subject { workspace: &workspace, content_id: &content_id, title: &title };
            ctx.warn(diagnostics::replacement_uninstalls(subject));
            if let Some(session) = client {
                destroy::warn_about_what_stays(ctx, session, &prior).await?;
                create::warn_about_replacement(ctx, session, plan).await?;
            }
            (false, false)
        }
        _ => (true, change::plan(ctx, client, &workspace, &prior, plan).await?),
    };
    if let Some(session) = client {
        session.ownership().plan_existing(ctx, &solution_in(&prior)?, &prior, stays)?;
        if installs {
            announce_installation(session, &workspace, &content_id(&prior)?);
        }
    }
    Ok(())
}

/// Plans a replacement if the configured display name now selects another solution. The framework has already planned
/// the replacement for another workspace or content ID.
async fn plan_replacement_by_name(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    if matches!(plan.action(), PlannedAction::Replace | PlannedAction::Undecided) {
        return Ok(());
    }
    let another = match (config::selector(plan.config())?, client) {
        (Knowable::Known(Selector::ContentId(_)), _) => return Ok(()),
        (Knowable::Known(Selector::DisplayName(name)), _) if is_named(prior, &name)? => return Ok(()),
        (Knowable::Known(selector), Some(session)) => {
            let deadline = session::deadline(ctx);
            let hub = ContentHub::new(session, workspace, &deadline).cached();
            let entry = hub
                .find_entry(&selector)
                .await
                .map_err(|error| diagnostics::with_destroy_hint(diagnostics::lookup_failed(&error, &selector)))?;
            if entry.package.has_content_id(&content_id(prior)?) {
                return Ok(());
            }
            Some(entry.package.content_id)
        }
        _ => None, // The content ID is not known yet.
    };
    match another {
        Some(content_id) => plan.set(&CONTENT_ID, Some(content_id)),
        None => plan.set_unknown(&CONTENT_ID),
    }
    plan.requires_replace(&CONTENT_ID);
    Ok(())
}

fn is_named(prior: &State, name: &str) -> Result<bool, Diagnostics> {
    let known = prior.get(&DISPLAY_NAME)?;
    Ok(known.is_some_and(|known| known.trim().to_lowercase() == name.trim().to_lowercase()))
}
