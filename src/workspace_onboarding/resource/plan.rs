//! Plan: checks the change, and warns about its effects. Only reads from Azure.

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, State};
use crate::ownership::{Adoption, Owner, UniqueObject};
use crate::sentinel::PlannedCreation;
use crate::session::{self, Session};
use crate::workspace_onboarding::inventory::Inventory;
use crate::workspace_onboarding::workspace_problem::is_default_workspace;
use crate::workspace_onboarding::{legacy_solution, state};

use super::attributes::{ADOPT_EXISTING, CUSTOMER_MANAGED_KEY_ENABLED, DELETION_PROTECTION, WORKSPACE_ID};
use super::diagnostics;
use super::identity::onboarding;

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    if plan.action() == PlannedAction::Undecided {
        return Ok(()); // The workspace is not known yet.
    }
    let replaced = plan.prior().filter(|_| plan.action() == PlannedAction::Replace);
    if let Some(prior) = replaced {
        check_protection(prior)?;
    }
    let Some(session) = client else { return Ok(()) };
    if let Some(prior) = replaced {
        warn_about_offboarding(ctx, session, prior).await?;
    }
    let creation = match plan.action() {
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
        _ => None,
    };
    if let Some(prior) = plan.prior() {
        let workspace = prior.get(&WORKSPACE_ID)?;
        session.ownership().plan_existing(ctx, &onboarding(&workspace), prior, replaced.is_none())?;
    }
    if let Some(Creation { object, adoption }) = creation {
        let owner = session.ownership().owner(&object, plan.private());
        session.ownership().plan_creation(ctx, &object, plan.private(), plan.get(&ADOPT_EXISTING)?, adoption)?;
        if let (Owner::InState, Knowable::Known(workspace)) = (owner, plan.get(&WORKSPACE_ID)?) {
            let inventory = Inventory::read(session, &workspace, &session::deadline(ctx)).await;
            ctx.warn(diagnostics::taint_offboards(&workspace, inventory));
        }
    }
    Ok(())
}

/// Plans an offboarding. Fails if the resource is protected, and warns about the objects that Azure deletes.
pub(super) async fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    check_protection(prior)?;
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &onboarding(&prior.get(&WORKSPACE_ID)?), prior)?;
    warn_about_offboarding(ctx, session, prior).await
}

fn check_protection(prior: &State) -> Result<(), Diagnostics> {
    if prior.get(&DELETION_PROTECTION)? {
        return Err(diagnostics::protected(&prior.get(&WORKSPACE_ID)?).into());
    }
    Ok(())
}

async fn warn_about_offboarding(ctx: &Context, session: &Session, prior: &State) -> Result<(), Diagnostics> {
    let workspace = prior.get(&WORKSPACE_ID)?;
    let inventory = Inventory::read(session, &workspace, &session::deadline(ctx)).await;
    ctx.warn(diagnostics::offboards(&workspace, inventory));
    Ok(())
}

/// The planned creation or adoption of an onboarding.
struct Creation {
    object: UniqueObject,
    /// What the plan reports if the onboarding already exists.
    adoption: Adoption,
}

/// Plans a creation with the existing onboarding; `None` if the workspace is unknown.
async fn plan_creation(ctx: &Context, session: &Session, plan: &Plan) -> Result<Option<Creation>, Diagnostics> {
    let Knowable::Known(workspace) = plan.get(&WORKSPACE_ID)? else { return Ok(None) };
    let object = onboarding(&workspace);
    let owner = session.ownership().owner(&object, plan.private());
    let deadline = session::deadline(ctx);
    let existing = match state::get(session, &workspace, &deadline).await {
        Ok(existing) => existing,
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing onboarding";
            let creation =
                PlannedCreation { ctx, session, workspace: &workspace, config: plan.config(), deadline: &deadline };
            if !creation.warn_if_role_is_missing(&error, ACTIVITY) {
                return Err(azure_diagnostics::from_error(&error, ACTIVITY).at(WORKSPACE_ID.path()).into());
            }
            return Ok(Some(Creation { object, adoption: Adoption::None }));
        }
    };
    let Some(existing) = existing else {
        if is_default_workspace(workspace.name()) {
            ctx.warn(diagnostics::default_workspace(&workspace));
        }
        if let Some(solution) = legacy_solution::find(session, &workspace, &deadline).await {
            ctx.warn(diagnostics::legacy_solution(&workspace, &solution));
        }
        return Ok(Some(Creation { object, adoption: Adoption::None }));
    };
    let adopt = plan.get(&ADOPT_EXISTING)?;
    let mut adoption =
        object.adoption(owner, adopt, &diagnostics::found(&workspace), || diagnostics::ADOPTION.to_owned());
    if let (Adoption::Adopts(_), Knowable::Known(key)) = (&adoption, plan.get(&CUSTOMER_MANAGED_KEY_ENABLED)?)
        && key != existing.customer_managed_key
    {
        adoption = Adoption::Rejected(diagnostics::warning(diagnostics::other_key(&workspace, existing)));
    }
    Ok(Some(Creation { object, adoption }))
}
