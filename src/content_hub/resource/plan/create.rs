//! Plans a create: installs the solution, adopts an existing one, or fails.

use crate::azure_diagnostics;
use crate::content_hub::installation::decision::{decide, decide_replacement};
use crate::content_hub::installation::{Decision, Observation, Versions};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::lookup::error::LookupError;
use crate::content_hub::lookup::selector::Selector;
use crate::framework::{Context, Diagnostic, Diagnostics, Knowable, Plan};
use crate::ownership::{Adoption, Owner};
use crate::sentinel::{PlannedCreation, WorkspaceId, is_not_onboarded};
use crate::session::{self, Session};

use super::preview::{check_installation, warn_about_defects};
use crate::content_hub::resource::attributes::{ADOPT_EXISTING, PARAMETERS, WORKSPACE_ID};
use crate::content_hub::resource::config::{self, desired_at_create};
use crate::content_hub::resource::diagnostics::{self, Subject};
use crate::content_hub::resource::earlier_deployment::defects_before_adoption;
use crate::content_hub::resource::identity::solution;

/// Checks a creation, and warns about its changes. It sets no values from Azure: Terraform plans a creation again at
/// apply, and treats a different plan as a bug of the provider. Until then, the catalog may change, or the workspace
/// may be offboarded.
pub(super) async fn plan(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let Knowable::Known(selector) = config::selector(plan.config())? else { return Ok(()) };
    // At apply, Terraform plans the creation again, and a role may have been assigned recently. Without these reads,
    // the plan could differ from the first plan, which is an error for Terraform.
    let deadline = session::deadline_of_create(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).cached();
    let owner_of = |content_id: &str| session.ownership().owner(&solution(workspace, content_id), plan.private());
    let creation = PlannedCreation { ctx, session, workspace, config: plan.config(), deadline: &deadline };
    let entry = match hub.find_entry(&selector).await {
        Ok(entry) => entry,
        Err(LookupError::Azure { error, .. }) if is_not_onboarded(&error) => {
            creation.report_missing_onboarding().await?;
            return Ok(());
        }
        Err(error) => {
            let is_in_state = matches!(&selector, Selector::ContentId(id) if owner_of(id) == Owner::InState);
            return Err(with_hint_if(is_in_state, diagnostics::lookup_failed(&error, &selector)).into());
        }
    };
    let content_id = entry.package.content_id.clone();
    let observation = match Observation::read_with(&hub, entry).await {
        Ok(observation) => observation,
        Err(error) if is_not_onboarded(&error) => {
            creation.report_missing_onboarding().await?;
            return Ok(());
        }
        Err(error) => {
            return Err(azure_diagnostics::from_error(&error, "reading the solution").at(WORKSPACE_ID.path()).into());
        }
    };
    let title = diagnostics::title(&observation, &content_id);
    let owner = owner_of(&content_id);
    let solution = solution(workspace, &content_id);
    let adopt = plan.get(&ADOPT_EXISTING)?;
    // If an adoption is not allowed, the create fails. Its plan is that of an installation, with a warning.
    let is_existing = observation.is_present() && owner == Owner::None && adopt != Knowable::Known(false);
    let found = diagnostics::found(workspace, &content_id, &observation);

    let (desired, parameters) = (config::desired(plan.config())?, plan.config().get(&PARAMETERS)?);
    let Knowable::Known((mut desired, parameters)) = desired.zip(parameters) else {
        return session.ownership().plan_creation(ctx, &solution, plan.private(), adopt, Adoption::None);
    };
    let parameters = parameters.unwrap_or_default();
    let versions = Versions { installed: observation.installed_version(), available: observation.available_version() };
    desired_at_create(&mut desired, &observation, !parameters.is_empty());
    let (decision, defects) = if is_existing {
        let defects = defects_before_adoption(&hub, &observation, &content_id).await;
        (decide(&desired, versions, &defects), defects)
    } else {
        (decide_replacement(&desired, versions), Vec::new())
    };
    let decision =
        decision.map_err(|error| with_hint_if(owner == Owner::InState, diagnostics::cannot_install(&error, &title)))?;
    let subject = Subject { workspace, content_id: &content_id, title: &title };
    warn_about_defects(ctx, &decision, subject, &defects);
    if matches!(decision, Decision::Install(_)) {
        check_installation(ctx, &hub, observation.entry.as_ref(), &parameters, &title).await?;
    }
    let adoption = if observation.is_present() {
        solution.adoption(owner, adopt, &found, || diagnostics::adoption(&observation, &decision))
    } else {
        Adoption::None
    };
    session.ownership().plan_creation(ctx, &solution, plan.private(), adopt, adoption)?;
    if observation.is_present() && owner == Owner::InState {
        ctx.warn(diagnostics::taint_uninstalls(subject));
    }
    Ok(())
}

/// Appends how to destroy the resource if the state contains it. Terraform plans a tainted resource like a creation, so
/// the framework cannot append this.
fn with_hint_if(is_in_state: bool, error: Diagnostic) -> Diagnostic {
    if is_in_state { diagnostics::with_destroy_hint(error) } else { error }
}

/// Warns that a replacement will adopt an existing solution. Terraform drops the warnings of the second plan of a
/// replacement, which is the creation, so the first plan warns. If a request fails, there is no warning.
pub(super) async fn warn_about_replacement(ctx: &Context, session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let (Knowable::Known(workspace), Knowable::Known(selector)) =
        (plan.get(&WORKSPACE_ID)?, config::selector(plan.config())?)
    else {
        return Ok(());
    };
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).cached();
    let Ok(entry) = hub.find_entry(&selector).await else { return Ok(()) };
    let content_id = entry.package.content_id.clone();
    let Ok(observation) = Observation::read_with(&hub, entry).await else { return Ok(()) };
    let solution = solution(&workspace, &content_id);
    let is_existing = session.ownership().owner(&solution, plan.private()) == Owner::None;
    let Knowable::Known(mut desired) = config::desired(plan.config())? else { return Ok(()) };
    if !observation.is_present() || !is_existing || plan.get(&ADOPT_EXISTING)? != Knowable::Known(true) {
        return Ok(());
    }
    desired_at_create(&mut desired, &observation, false);
    let versions = Versions { installed: observation.installed_version(), available: observation.available_version() };
    let defects = defects_before_adoption(&hub, &observation, &content_id).await;
    if let Ok(decision) = decide(&desired, versions, &defects) {
        let found = diagnostics::found(&workspace, &content_id, &observation);
        ctx.warn(solution.adopted(&found, &diagnostics::adoption(&observation, &decision)));
    }
    Ok(())
}
