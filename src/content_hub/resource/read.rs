//! Read: observes the solution and compares it with the record of the complete installation.

use crate::azure_diagnostics;
use crate::content_hub::installation::detection::detect_defects_for_adoption;
use crate::content_hub::installation::{InstallationRecord, Observation};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::is_gone;
use crate::session::{self, Session};

use super::attributes::{DISPLAY_NAME, VERSION, WORKSPACE_ID};
use super::flatten::flatten;
use super::identity::{content_id, solution};
use super::import;
use super::record::{record_in, updated_record};
use super::{diagnostics, earlier_deployment};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let content_id = content_id(&state)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).recent();
    let record = record_in(&state);
    let observation = match Observation::read(&hub, &content_id, record.as_ref()).await {
        Ok(observation) => observation,
        Err(error) if is_gone(&error) => {
            session.ownership().gone(&solution(&workspace, &content_id), &state);
            return Ok(Read::Gone);
        }
        Err(error) => return Err(azure_diagnostics::from_error(&error, "reading the solution").into()),
    };
    if !observation.is_present_with(record.as_ref()) {
        session.ownership().gone(&solution(&workspace, &content_id), &state);
        let title = diagnostics::title(&observation, &content_id);
        ctx.warn(diagnostics::uninstalled_outside_terraform(&workspace, &title));
        return Ok(Read::Gone);
    }
    let record = match record {
        // The installation has finished since then: compare with the catalog, as after an adoption.
        Some(record)
            if record.is_unfinished
                && detect_defects_for_adoption(&observation, &content_id).is_empty()
                && earlier_deployment::has_succeeded(&hub, &state).await =>
        {
            Some(InstallationRecord::default())
        }
        record => record,
    };
    let record = updated_record(&observation, &content_id, record);
    let is_imported = import::take_imported(&mut state);
    flatten(&mut state, &workspace, &content_id, &observation, &record);
    if is_imported {
        // For a configuration that is generated from this state. It may contain only one of the two names, and a pinned
        // version would fail as soon as the catalog changes.
        state.set(&DISPLAY_NAME, None);
        state.set(&VERSION, None);
    }
    session.ownership().found(&solution(&workspace, &content_id), &mut state);
    Ok(Read::Found(state))
}
