//! The plan of a creation: what is there already decides between installing, taking over and refusing.

use crate::azure_diagnostics;
use crate::content_hub::installation::decision::{decide, decide_anew};
use crate::content_hub::installation::defect::defects_at_adoption;
use crate::content_hub::installation::{Decision, Observation, Versions};
use crate::content_hub::lookup::catalogue::{ContentHub, LookupError};
use crate::framework::{Context, Diagnostics, Knowable, Plan, Severity};
use crate::ownership::Standing;
use crate::sentinel::{Onboarding, OnboardingState, WorkspaceId, is_not_onboarded, not_onboarded};
use crate::session::{self, Session};

use super::preview::{check_entry, say_why, set_if_open};
use crate::content_hub::resource::attributes::{
    ADOPT_EXISTING, CONTENT_ID, DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, WORKSPACE_ID,
};
use crate::content_hub::resource::config::{self, at_create};
use crate::content_hub::resource::diagnostics;
use crate::content_hub::resource::identity::{package_id, solution};

pub(super) async fn plan(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let Knowable::Known(selector) = config::selector(plan.config())? else { return Ok(()) };
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).recent();
    let entry = match hub.select(&selector).await {
        Ok(entry) => entry,
        Err(LookupError::Azure { error, .. }) if is_not_onboarded(&error) => {
            if let Ok(Onboarding::Absent) = session.look_up(&OnboardingState::of(workspace), &deadline).await {
                let mut warning = not_onboarded(workspace).at(WORKSPACE_ID.path());
                warning.severity = Severity::Warning; // the same run may onboard it first
                ctx.warn(warning);
            }
            return Ok(());
        }
        Err(error) => return Err(diagnostics::not_found(&error, &selector).into()),
    };
    let content_id = entry.package.content_id.clone();
    let title = entry.package.display_name.clone().unwrap_or_else(|| content_id.clone());
    set_if_open(plan, &CONTENT_ID, Some(content_id.clone()));
    set_if_open(plan, &DISPLAY_NAME, Some(title.clone()));
    plan.set(&ID, Some(package_id(workspace, &content_id).to_string()));

    let observation = Observation::with(&hub, entry).await.map_err(|error| {
        azure_diagnostics::from_error(&error, "looking at what the workspace has of the solution")
            .at(WORKSPACE_ID.path())
    })?;
    let solution = solution(workspace, &content_id);
    let standing = session.ownership().standing(&solution, plan.private())?;
    let is_strangers = observation.is_present() && standing == Standing::Stranger;
    let found = diagnostics::found(workspace, &content_id, &observation);
    let is_adopted = is_strangers && solution.check_adoption(standing, plan.get(&ADOPT_EXISTING)?, &found)?;

    let (desired, parameters) = (config::desired(plan.config())?, plan.config().get(&PARAMETERS)?);
    let Knowable::Known((mut desired, parameters)) = desired.zip(parameters) else {
        return session.ownership().plan_creation(ctx, &solution, plan.private(), None);
    };
    let parameters = parameters.unwrap_or_default();
    let versions = Versions { installed: observation.installed_version(), available: observation.available_version() };
    at_create(&mut desired, &observation, !parameters.is_empty());
    let (decision, defects) = if is_strangers {
        let defects = defects_at_adoption(&observation, &content_id);
        (decide(&desired, versions, !defects.is_empty()), defects)
    } else {
        (decide_anew(&desired, versions), Vec::new())
    };
    let decision = decision.map_err(|refusal| match is_strangers {
        true => diagnostics::refused(&refusal, &title),
        false => diagnostics::also_stops_a_destroy(diagnostics::refused(&refusal, &title)),
    })?;
    let installs = match &decision {
        Decision::Install(version) => Some(version.as_str()),
        Decision::Keep | Decision::CannotRepair(_) => None,
    };
    // Terraform plans a creation again before it applies it, and takes another answer for a bug. By then the catalogue may
    // have moved on, or somebody may have changed what is there: only a pin is sure.
    if desired.version.is_some() {
        plan.set(&INSTALLED_VERSION, installs.or(versions.installed).map(str::to_owned));
    }
    say_why(ctx, &decision, &title, &defects);
    if installs.is_some() {
        check_entry(ctx, &hub, observation.entry.as_ref(), &parameters, &title).await?;
    }
    let adoption = is_adopted.then(|| solution.adopted(&found, &diagnostics::adoption(&observation, &decision)));
    session.ownership().plan_creation(ctx, &solution, plan.private(), adoption)
}

/// Says what a replacement by another solution will take over. The CLIs drop the warnings of a replacement's second half,
/// where the creation is planned, so they have to come with the first. A look that fails says nothing here.
pub(super) async fn foretell(ctx: &Context, session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let (Knowable::Known(workspace), Knowable::Known(selector)) =
        (plan.get(&WORKSPACE_ID)?, config::selector(plan.config())?)
    else {
        return Ok(());
    };
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).recent();
    let Ok(entry) = hub.select(&selector).await else { return Ok(()) };
    let content_id = entry.package.content_id.clone();
    let Ok(observation) = Observation::with(&hub, entry).await else { return Ok(()) };
    let solution = solution(&workspace, &content_id);
    let is_strangers = session.ownership().standing(&solution, plan.private()) == Ok(Standing::Stranger);
    let Knowable::Known(mut desired) = config::desired(plan.config())? else { return Ok(()) };
    if !observation.is_present() || !is_strangers || plan.get(&ADOPT_EXISTING)? != Knowable::Known(true) {
        return Ok(());
    }
    at_create(&mut desired, &observation, false);
    let versions = Versions { installed: observation.installed_version(), available: observation.available_version() };
    if let Ok(decision) = decide(&desired, versions, !defects_at_adoption(&observation, &content_id).is_empty()) {
        let found = diagnostics::found(&workspace, &content_id, &observation);
        ctx.warn(solution.adopted(&found, &diagnostics::adoption(&observation, &decision)));
    }
    Ok(())
}
