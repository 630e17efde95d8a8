//! Read: gets the connector by its name. If it is missing or disconnected, the list of data connectors must confirm
//! this.

use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::data_connector::{get, list};
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};
use crate::subscription_connector::alert_sync;
use crate::subscription_connector::connector::{API_VERSION, derived_name, find, is_connected, is_of};

use super::attributes::{BIDIRECTIONAL_SYNC_ENABLED, NAME, WORKSPACE_ID};
use super::diagnostics::{self, Subject};
use super::flatten::flatten;
use super::identity::{connection_in_state, subscription_in_state};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let subscription = subscription_in_state(&state)?;
    let name = state.get(&NAME)?.filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| derived_name(&workspace, &subscription));
    let object = connection_in_state(&state)?;
    let subject = Subject { workspace: &workspace, subscription: &subscription };
    let deadline = session::deadline(ctx);
    let observed = unless_gone(session, &workspace, &deadline, async || {
        let by_name = get(session, &workspace, &name, API_VERSION, &deadline).await?;
        if let Some(document) = by_name.filter(|document| is_of(document, &subscription) && is_connected(document)) {
            return Ok(Some(document));
        }
        let listed = list(session, &workspace, API_VERSION, &deadline).await?;
        Ok(find(&listed, &subscription).filter(|document| is_connected(document)).cloned())
    });
    match observed.await {
        Ok(Some(document)) => flatten(&mut state, &workspace, &document),
        Ok(None) => {
            session.ownership().record_missing(&object, &state);
            ctx.warn(diagnostics::disconnected(&subject));
            return Ok(Read::Gone);
        }
        Err(NotReady::NotOnboarded) => {
            session.ownership().record_missing(&object, &state);
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
            return Ok(Read::Gone);
        }
        Err(NotReady::Azure(error)) => {
            return Err(subject.workspace_error(&error, "reading the data connector").into());
        }
    }
    if state.get(&BIDIRECTIONAL_SYNC_ENABLED)?.is_some() {
        let enabled = alert_sync::is_enabled(session, &subscription, &deadline)
            .await
            .map_err(|error| subject.sync_error(&error, "reading the alert synchronization setting"))?;
        state.set(&BIDIRECTIONAL_SYNC_ENABLED, Some(enabled));
    }
    session.ownership().record_found(&object, &mut state);
    Ok(Read::Found(state))
}
