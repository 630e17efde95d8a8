//! Delete: disables the managed settings, and deletes the connector if it is no longer in use.

use std::convert::Infallible;

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Origin, Record, Unfiltered, disable};
use crate::framework::{Context, Failed, State};
use crate::sentinel::data_connector::{Change, Purpose, WriteErrorKind, Writer};
use crate::sentinel::{Consequence, warn_that_sentinel_is_gone};
use crate::session::{self, Session};
use crate::xdr_connector::settings::{Settings, document_of};

use super::attributes::{NAME, WORKSPACE_ID, settings_in};
use super::diagnostics;
use super::identity::{connector, names_in, own_name};

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let name = state.get(&NAME).map_err(Failed::nothing_changed)?;
    let settings = settings_in(state).map_err(Failed::nothing_changed)?;
    let part = Settings { incidents: true, ..settings }.part();
    let record = Record::in_state(state);
    let own_name = own_name(&workspace);
    let object = connector(&workspace);
    let deadline = session::deadline(ctx);
    let failed = |error: &Error| {
        let activity = "disabling the settings of the Defender XDR connector";
        Failed::nothing_changed(azure_diagnostics::from_error(error, activity).at(WORKSPACE_ID.path()))
    };
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| failed(&error))?;
    if session.ownership().is_adopted_by_another(&object, state) {
        tracing::info!(workspace = %workspace, "another resource has adopted the connector, so it stays enabled");
        return Ok(());
    }

    let writer = Writer {
        session,
        workspace: &workspace,
        api_version: API_VERSION,
        deadline: &deadline,
        purpose: Purpose::Disconnect { names: &names_in(state, &workspace) },
    };
    let outcome = writer
        .reconcile(|observation| {
            let Some(found) = document_of(observation.documents, name.as_deref()) else { return Ok(Change::Nothing) };
            let created_with = record.as_ref().and_then(|record| record.properties_at_creation(found));
            Ok::<_, Infallible>(disable(found, &part, Origin { own_name: &own_name, created_with }, Unfiltered::Keep))
        })
        .await;
    match outcome.map_err(|error| error.kind) {
        Ok(_) => {}
        Err(WriteErrorKind::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::NotDeleted, WORKSPACE_ID.path());
        }
        Err(WriteErrorKind::Azure(error)) => return Err(failed(&error)),
        Err(WriteErrorKind::NotStored(held)) => {
            return Err(Failed::nothing_changed(diagnostics::not_disabled(&workspace, held.as_ref())));
        }
        Err(WriteErrorKind::Rejected(never)) => match never {},
    }
    session.ownership().record_delete(&object);
    Ok(())
}
