//! The deployment of an earlier run that was broken off: Azure may still be at it, and would put back what is taken away,
//! or write beside what is installed now.

use crate::content_hub::catalogue::ContentHub;
use crate::content_hub::installation::Record;
use crate::content_hub::installation::install::deployment_id;
use crate::content_hub::installation::record::KEY;
use crate::deployment::settle;
use crate::framework::{Diagnostics, State};

use super::attributes::DEPLOYMENT_NAME;
use super::deployment_diagnostic;

/// Brings it to its end before anything else is done. One that this resource has seen end well needs no question.
pub(super) async fn end(hub: &ContentHub<'_>, state: &State, title: &str) -> Result<(), Diagnostics> {
    let Some(name) = state.get(&DEPLOYMENT_NAME)? else { return Ok(()) };
    let record = state.private().get(KEY).and_then(Record::from_json);
    if record.is_some_and(|record| !record.is_unfinished) {
        return Ok(());
    }
    let deployment = deployment_id(hub.workspace, &name);
    settle(hub.session.arm(), &deployment, hub.budget)
        .await
        .map_err(|unsettled| deployment_diagnostic::unsettled(&unsettled, &deployment, title, hub.session).into())
}
