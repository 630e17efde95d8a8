//! Plans a solution in the state: another installation, or no change.

use crate::azure_diagnostics;
use crate::content_hub::installation::decision::decide;
use crate::content_hub::installation::{Decision, Versions};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostics, Knowable, Plan, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use super::preview::{check_installation, set_if_not_configured, warn_about_defects};
use crate::content_hub::resource::attributes::{
    AVAILABLE_VERSION, CONTENT_ID, DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, VERSION, WORKSPACE_ID,
};
use crate::content_hub::resource::identity::content_id;
use crate::content_hub::resource::record::record_in;
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
        plan_installation(plan, prior, None)?;
        return Ok(());
    };
    desired.must_redeploy = parameters != prior.get(&PARAMETERS)?;
    let (installed, available) = (prior.get(&INSTALLED_VERSION)?, prior.get(&AVAILABLE_VERSION)?);
    let versions = Versions { installed: installed.as_deref(), available: available.as_deref() };
    let defects = record_in(prior).unwrap_or_default().defects;
    let content_id = content_id(prior)?;
    let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());

    let decision = decide(&desired, versions, !defects.is_empty())
        .map_err(|error| diagnostics::with_destroy_hint(diagnostics::cannot_install(&error, &title)))?;
    warn_about_defects(ctx, &decision, &title, &defects);
    let Decision::Install(version) = decision else { return Ok(()) };
    plan_installation(plan, prior, Some(version))?;
    let Some(session) = client else { return Ok(()) };
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).recent();
    let entry = hub.entry_by_content_id(&content_id).await.map_err(|error| {
        azure_diagnostics::from_error(&error, "looking up the solution in Content Hub").at(WORKSPACE_ID.path())
    })?;
    check_installation(ctx, &hub, entry.as_ref(), &parameters.unwrap_or_default(), &title).await
}

/// Plans an installation. Its version is known if it is decided; other computed attributes are known after the apply.
fn plan_installation(plan: &mut Plan, prior: &State, version: Option<String>) -> Result<(), Diagnostics> {
    plan.set_computed_unknown(&[&CONTENT_ID, &DISPLAY_NAME, &ID]);
    if plan.config().is_null(&DISPLAY_NAME) && prior.get(&DISPLAY_NAME)?.is_none() {
        plan.set_unknown(&DISPLAY_NAME);
    }
    if let Some(version) = version {
        plan.set(&INSTALLED_VERSION, Some(version.clone()));
        set_if_not_configured(plan, &VERSION, Some(version));
    }
    Ok(())
}
