//! The plan of what is in the state: another installation, or nothing.

use crate::azure_diagnostics;
use crate::content_hub::installation::decision::decide;
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Decision, Record, Versions};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Diagnostics, Knowable, Plan, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use super::preview::{check_entry, say_why, set_if_open};
use crate::content_hub::resource::attributes::{
    AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME, DISPLAY_NAME,
    INSTALLED_VERSION, PARAMETERS, TEMPLATE_COUNT, UPDATE_AVAILABLE, VERSION, WORKSPACE_ID,
};
use crate::content_hub::resource::identity::content_id;
use crate::content_hub::resource::{config, diagnostics};

pub(super) async fn plan(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let (desired, parameters) = (config::desired(plan.config())?, plan.config().get(&PARAMETERS)?);
    let Knowable::Known((mut desired, parameters)) = desired.zip(parameters) else {
        open(plan, prior, None)?;
        return Ok(());
    };
    desired.is_forced = parameters != prior.get(&PARAMETERS)?;
    let (installed, available) = (prior.get(&INSTALLED_VERSION)?, prior.get(&AVAILABLE_VERSION)?);
    let versions = Versions { installed: installed.as_deref(), available: available.as_deref() };
    let record = prior.private().get(KEY).and_then(Record::from_json).unwrap_or_default();
    let content_id = content_id(prior)?;
    let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());

    let decision = decide(&desired, versions, !record.defects.is_empty())
        .map_err(|refusal| diagnostics::also_stops_a_destroy(diagnostics::refused(&refusal, &title)))?;
    say_why(ctx, &decision, &title, &record.defects);
    let Decision::Install(version) = decision else { return Ok(()) };
    open(plan, prior, Some(version))?;
    let Some(session) = client else { return Ok(()) };
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).recent();
    let entry = hub.entry_of(&content_id).await.map_err(|error| {
        azure_diagnostics::from_error(&error, "looking the solution up in Content Hub").at(WORKSPACE_ID.path())
    })?;
    check_entry(ctx, &hub, entry.as_ref(), &parameters.unwrap_or_default(), &title).await
}

/// The plan of an installation: its version, as far as it is decided, and the rest after apply.
fn open(plan: &mut Plan, prior: &State, version: Option<String>) -> Result<(), Diagnostics> {
    match version {
        Some(version) => {
            plan.set(&INSTALLED_VERSION, Some(version.clone()));
            set_if_open(plan, &VERSION, Some(version));
        }
        None => {
            plan.set_unknown(&INSTALLED_VERSION);
            if plan.config().is_null(&VERSION) {
                plan.set_unknown(&VERSION);
            }
        }
    }
    if plan.config().is_null(&DISPLAY_NAME) && prior.get(&DISPLAY_NAME)?.is_none() {
        plan.set_unknown(&DISPLAY_NAME);
    }
    plan.set_all_unknown(&[
        &AVAILABLE_VERSION,
        &UPDATE_AVAILABLE,
        &CONTENT_PRODUCT_ID,
        &DEPENDENCIES,
        &CONNECTOR_IDS,
        &TEMPLATE_COUNT,
        &DEPLOYMENT_NAME,
    ]);
    Ok(())
}
