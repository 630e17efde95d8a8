//! Update: writes a changed alert synchronization. A change of other attributes writes nothing to Azure.

use crate::framework::{Context, Failed, State};
use crate::session::{self, Session};
use crate::subscription_connector::alert_sync;

use super::attributes::{BIDIRECTIONAL_SYNC_ENABLED, WORKSPACE_ID};
use super::diagnostics::Subject;
use super::identity::subscription_in_state;

pub(super) async fn update(ctx: &Context, session: &Session, prior: &State, planned: State) -> Result<State, Failed> {
    let desired = planned.get(&BIDIRECTIONAL_SYNC_ENABLED).map_err(Failed::nothing_changed)?;
    let before = prior.get(&BIDIRECTIONAL_SYNC_ENABLED).map_err(Failed::nothing_changed)?;
    if let Some(enabled) = desired.filter(|_| desired != before) {
        let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
        let subscription = subscription_in_state(prior).map_err(Failed::nothing_changed)?;
        let subject = Subject { workspace: &workspace, subscription: &subscription };
        alert_sync::set(session, &subscription, enabled, &session::deadline(ctx)).await.map_err(|error| {
            Failed::nothing_changed(subject.sync_error(&error, "writing the setting of alert synchronization"))
        })?;
    }
    Ok(planned)
}
