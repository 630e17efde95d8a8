//! Delete: uninstalls the solution. The destroy plan warns about content that is kept.

use crate::azure_diagnostics;
use crate::content_hub::installation::InstallationRecord;
use crate::content_hub::installation::uninstall::{Uninstalled, uninstall};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostics, Failed, State};
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::WORKSPACE_ID;
use super::identity::{content_id, package_id, solution};
use super::record::{has_record, record_in, set_record};
use super::{diagnostics, earlier_deployment};

pub(super) async fn delete(ctx: &Context, session: &Session, state: State) -> Result<(), Failed> {
    match delete_solution(ctx, session, &state).await {
        Ok(()) => Ok(()),
        Err(errors) if has_record(&state) => Err(Failed::nothing_changed(errors)),
        // Terraform destroys a tainted resource without its private state, and saves the state that the delete returns.
        // Without this record, an incomplete installation would look complete after `terraform untaint`.
        Err(errors) => {
            let mut remaining = state;
            set_record(&mut remaining, &InstallationRecord::lost());
            Err(Failed::partial(remaining, errors))
        }
    }
}

async fn delete_solution(ctx: &Context, session: &Session, state: &State) -> Result<(), Diagnostics> {
    let (workspace, content_id) = (state.get(&WORKSPACE_ID)?, content_id(state)?);
    let record = record_in(state);
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline);
    let failed = |error, activity| azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path());
    let _lock = session
        .lock(&package_id(&workspace, &content_id), &deadline)
        .await
        .map_err(|error| failed(error, "waiting for another change of the solution"))?;
    let solution = solution(&workspace, &content_id);
    if session.ownership().is_adopted_by_another(&solution, state) {
        tracing::info!(content_id, "the solution stays installed, because another resource has adopted it");
        return Ok(());
    }
    earlier_deployment::cancel_all(&hub, state, &content_id).await?;
    let uninstalled =
        unless_gone(session, &workspace, &deadline, || uninstall(&hub, &content_id, record.as_ref())).await;
    match uninstalled {
        Ok(Uninstalled::Gone) => {}
        Ok(Uninstalled::StillListed) => return Err(diagnostics::still_listed(&workspace, &content_id).into()),
        Err(NotReady::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::NotDeleted, WORKSPACE_ID.path());
        }
        Err(NotReady::Azure(error)) => return Err(failed(error, "uninstalling the solution").into()),
    }
    session.ownership().record_delete(&solution);
    Ok(())
}
