//! Plan: what can be known before anything is written. Observation-ups only, and of what exists already none at all: what its
//! refresh has found is in the state.
//!
//! `create.rs` plans what is not in the state, `change.rs` what is; what both say of an installation is in `ahead.rs`.

mod change;
mod create;
mod preview;

use crate::content_hub::lookup::catalogue::ContentHub;
use crate::content_hub::lookup::selector::Selector;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, State};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

use super::attributes::{CONTENT_ID, DISPLAY_NAME, WORKSPACE_ID};
use super::identity::{TYPE_NAME, content_id, mark, object_key};
use super::{config, diagnostics};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(prior) = plan.prior().cloned() else {
        return match (client, plan.get(&WORKSPACE_ID)?) {
            (Some(session), Knowable::Known(workspace)) => create::plan(ctx, session, &workspace, plan).await,
            _ => Ok(()),
        };
    };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let content_id = content_id(&prior)?;
    let key = object_key(&workspace, &content_id);
    find_another(ctx, client, &workspace, &prior, plan).await?;
    match plan.action() {
        PlannedAction::Undecided => return Ok(()), // which solution it will be is not known yet
        PlannedAction::Replace => {
            // what it becomes is planned by itself
            if let Some(session) = client {
                let _ = session.singletons().leaves(TYPE_NAME, &key, mark(&prior).as_deref());
                create::foretell(ctx, session, plan).await?;
            }
            return Ok(());
        }
        _ => {}
    }
    if let Some(session) = client {
        stays(ctx, session, &workspace, &content_id, mark(&prior).as_deref())?;
    }
    change::plan(ctx, client, &workspace, &prior, plan).await
}

/// An object that is planned with its prior state and stays what it is: is it the only one? Whichever of two is planned first:
/// an object's own creation is never planned before itself.
fn stays(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    content_id: &str,
    mark: Option<&str>,
) -> Result<(), Diagnostics> {
    let (run, key) = (session.singletons(), object_key(workspace, content_id));
    if run.is_expected(TYPE_NAME, &key) {
        return Err(diagnostics::managed_twice(workspace, content_id).into());
    }
    diagnostics::meets(ctx, run.stays(TYPE_NAME, &key, mark), workspace, content_id)
}

/// Plans a replacement if the configuration now names another solution by its display name. Another workspace or another
/// content id is planned already.
async fn find_another(
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
            let deadline = session.deadline(ctx);
            let hub = ContentHub::new(session, workspace, &deadline).recent();
            let entry = hub.select(&selector).await.map_err(|error| diagnostics::not_found(&error, &selector))?;
            if entry.package.has_content_id(&content_id(prior)?) {
                return Ok(());
            }
            Some(entry.package.content_id)
        }
        _ => None, // not known yet
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
