//! Read: finds the connector in the list of data connectors, and reads its settings.

use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Record};
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::data_connector::{list, read_again};
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};
use crate::xdr_connector::settings::document_of;

use super::attributes::{NAME, WORKSPACE_ID, settings_in};
use super::diagnostics;
use super::flatten::{flatten, set_names};
use super::identity::{connector, names_in};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let name = state.get(&NAME)?;
    let settings = settings_in(&state)?;
    let object = connector(&workspace);
    let deadline = session::deadline(ctx);
    let observed = unless_gone(session, &workspace, &deadline, async || {
        let documents = list(session, &workspace, API_VERSION, &deadline).await?;
        if document_of(&documents, name.as_deref()).is_some() || settings.is_off() {
            return Ok(documents);
        }
        read_again(session, &workspace, API_VERSION, &documents, &names_in(&state, &workspace), &deadline).await
    });
    let documents = match observed.await {
        Ok(documents) => documents,
        Err(NotReady::NotOnboarded) => {
            session.ownership().record_missing(&object, &state);
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
            return Ok(Read::Gone);
        }
        Err(NotReady::Azure(error)) => {
            let activity = "reading the workspace's data connectors";
            return Err(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()).into());
        }
    };
    match document_of(&documents, name.as_deref()) {
        Some(document) => {
            let record = Record::in_state(&state).unwrap_or_else(|| Record::of(document.name())).observed_in(document);
            set_names(&mut state, &workspace, document, &record);
            flatten(&mut state, document, &settings);
        }
        // The last other owner may have deleted the document. Without enabled settings, the document is not needed.
        None if settings.is_off() => {}
        None => {
            session.ownership().record_missing(&object, &state);
            ctx.warn(diagnostics::removed(&workspace));
            return Ok(Read::Gone);
        }
    }
    session.ownership().record_found(&object, &mut state);
    Ok(Read::Found(state))
}
