//! Read: reads the solution, and compares it with the record of the complete installation.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::installation::detection::{detect_defects, detect_defects_for_adoption};
use crate::content_hub::installation::{Defect, InstallationRecord, Observation, Repair};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::{Consequence, NotReady, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, DISPLAY_NAME, REPAIR, VERSION, WORKSPACE_ID};
use super::diagnostics::Subject;
use super::flatten::flatten;
use super::identity::{content_id, solution};
use super::record::{has_record, record_in, updated_record};
use super::{diagnostics, earlier_deployment};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let content_id = content_id(&state)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).cached();
    let record = record_in(&state);
    let observed = unless_gone(session, &workspace, &deadline, || observe(&hub, &content_id, record.as_ref())).await;
    let observation = match observed {
        Ok(observation) => observation,
        Err(NotReady::NotOnboarded) => {
            session.ownership().record_missing(&solution(&workspace, &content_id), &state);
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
            return Ok(Read::Gone);
        }
        Err(NotReady::Azure(error)) => {
            return Err(azure_diagnostics::from_error(&error, "reading the solution").into());
        }
    };
    if !observation.is_present_with(record.as_ref()) {
        session.ownership().record_missing(&solution(&workspace, &content_id), &state);
        let title = diagnostics::title(&observation, &content_id);
        let subject = Subject { workspace: &workspace, content_id: &content_id, title: &title };
        ctx.warn(diagnostics::uninstalled_outside_terraform(subject));
        return Ok(Read::Gone);
    }
    let record = match record {
        // The unfinished installation has finished: compare with the catalog, as after an adoption.
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
    let (display_name, version) = (state.get(&DISPLAY_NAME)?, state.get(&VERSION)?);
    if state.get(&REPAIR)?.is_none() {
        // After an import by identity, the state contains only the identity.
        let is_imported = !has_record(&state) && state.get(&DEPLOYMENT_NAME)?.is_none();
        state.set(&REPAIR, Some(if is_imported { Repair::Warn } else { Repair::Always }));
    }
    flatten(&mut state, &workspace, &content_id, &observation, &record);
    // An import leaves these attributes null, because a generated configuration may set only one of the two names, and
    // must not pin the version. A refresh must not set them either, because Terraform would report that as drift.
    if display_name.is_none() {
        state.set(&DISPLAY_NAME, None);
    }
    if version.is_none() {
        state.set(&VERSION, None);
    }
    session.ownership().record_found(&solution(&workspace, &content_id), &mut state);
    Ok(Read::Found(state))
}

/// Reads the solution. If content is missing, a second read must confirm it: a single wrong response must neither
/// remove the solution from the state nor plan a reinstallation.
async fn observe(
    hub: &ContentHub<'_>,
    content_id: &str,
    record: Option<&InstallationRecord>,
) -> Result<Observation, Error> {
    let first = Observation::read(hub, content_id, record).await?;
    let missing = |observation: &Observation| {
        let defects = detect_defects(observation, content_id, record);
        let missing = defects.iter().filter(|defect| **defect != Defect::Unfinished).count();
        (!observation.is_present_with(record), observation.entry.is_none(), missing)
    };
    if missing(&first) == (false, false, 0) {
        return Ok(first);
    }
    let uncached = ContentHub::new(hub.session, hub.workspace, hub.deadline);
    let mut second = Observation::read(&uncached, content_id, record).await?;
    if !second.is_present_with(record) {
        second.registrations.extend(uncached.registration(content_id).await?);
    }
    Ok(if missing(&first) < missing(&second) { first } else { second })
}
