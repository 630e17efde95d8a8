//! Delete: deletes the connector. Succeeds if the connector or Microsoft Sentinel no longer exists.

use std::convert::Infallible;

use crate::framework::{Context, Failed, State};
use crate::sentinel::data_connector::{Change, Purpose, WriteErrorKind, Writer};
use crate::sentinel::{Consequence, warn_that_sentinel_is_gone};
use crate::session::{self, Session};
use crate::subscription_connector::connector::{API_VERSION, find};

use super::attributes::WORKSPACE_ID;
use super::diagnostics::{self, Subject};
use super::identity::{connection_in_state, names_in, subscription_in_state};

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let subscription = subscription_in_state(state).map_err(Failed::nothing_changed)?;
    let object = connection_in_state(state).map_err(Failed::nothing_changed)?;
    let names = names_in(state).map_err(Failed::nothing_changed)?;
    let subject = Subject { workspace: &workspace, subscription: &subscription };
    let deadline = session::deadline(ctx);
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        Failed::nothing_changed(subject.workspace_error(&error, "waiting for another write to the workspace"))
    })?;
    if session.ownership().is_adopted_by_another(&object, state) {
        tracing::info!(workspace = %workspace, "another resource has adopted the connector, so it stays");
        return Ok(());
    }
    let writer = Writer {
        session,
        workspace: &workspace,
        api_version: API_VERSION,
        deadline: &deadline,
        purpose: Purpose::Disconnect { names: &names },
    };
    let outcome = writer
        .reconcile(|observation| {
            let found = find(observation.documents, &subscription);
            Ok::<_, Infallible>(found.map_or(Change::Nothing, |found| Change::Delete(found.clone())))
        })
        .await;
    match outcome.map_err(|error| error.kind) {
        Ok(_) => {}
        Err(WriteErrorKind::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::NotDeleted, WORKSPACE_ID.path());
        }
        Err(WriteErrorKind::Azure(error)) => {
            return Err(Failed::nothing_changed(subject.workspace_error(&error, "deleting the data connector")));
        }
        Err(WriteErrorKind::NotStored(_)) => return Err(Failed::nothing_changed(diagnostics::not_deleted(&subject))),
        Err(WriteErrorKind::Rejected(never)) => match never {},
    }
    session.ownership().record_delete(&object);
    Ok(())
}
