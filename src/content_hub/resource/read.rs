//! Read: one observation, compared with what was whole once.

use crate::azure_diagnostics;
use crate::content_hub::installation::defect::{defects, defects_at_adoption};
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Observation, Record};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::is_gone;
use crate::session::{self, Session};

use super::attributes::{DISPLAY_NAME, VERSION, WORKSPACE_ID};
use super::flatten::flatten;
use super::identity::{content_id, solution};
use super::import;
use super::{diagnostics, earlier_deployment};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let content_id = content_id(&state)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).recent();
    let record = state.private().get(KEY).and_then(Record::from_json);
    let observation = match Observation::at(&hub, &content_id, record.as_ref()).await {
        Ok(observation) => observation,
        Err(error) if is_gone(&error) => {
            session.ownership().gone(&solution(&workspace, &content_id), &state);
            return Ok(Read::Gone);
        }
        Err(error) => return Err(azure_diagnostics::from_error(&error, "reading the solution").into()),
    };
    if !observation.is_present_of(record.as_ref()) {
        session.ownership().gone(&solution(&workspace, &content_id), &state);
        ctx.warn(diagnostics::uninstalled_elsewhere(&workspace, &diagnostics::title(&observation, &content_id)));
        return Ok(Read::Gone);
    }
    let record = match record {
        // as if it were looked at for the first time
        Some(record)
            if record.is_unfinished
                && defects_at_adoption(&observation, &content_id).is_empty()
                && earlier_deployment::has_succeeded(&hub, &state).await =>
        {
            Some(Record::default())
        }
        record => record,
    };
    let record = seen(&observation, &content_id, record);
    let is_imported = import::take_imported(&mut state);
    flatten(&mut state, &workspace, &content_id, &observation, &record);
    if is_imported {
        // A configuration that is generated from this state may have only one of the two names, and should have no pin that
        // stands in the way as soon as the catalogue moves on.
        state.set(&DISPLAY_NAME, None);
        state.set(&VERSION, None);
    }
    session.ownership().found(&solution(&workspace, &content_id), &mut state);
    Ok(Read::Found(state))
}

/// What to keep after an observation: what was whole once, with what is wrong now. A version that somebody else has installed
/// since is taken as it is.
pub(super) fn seen(observation: &Observation, content_id: &str, record: Option<Record>) -> Record {
    let found = defects(observation, content_id, record.as_ref());
    let is_known = record.as_ref().is_some_and(|record| {
        record.is_unfinished || observation.installed_version().is_none_or(|installed| record.is_of(installed))
    });
    let record = record.filter(|_| is_known).unwrap_or_else(|| {
        // What is damaged is no yardstick: it stays that of no version, and the next look compares with the catalogue again.
        let version = observation.record().version.filter(|_| found.is_empty());
        Record { version, ..observation.record() }
    });
    Record { defects: found, ..record }
}
