//! Plan: what can be known before anything is written.

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Diagnostics, Knowable, Plan, PlannedAction, Severity, State};
use crate::ownership::UniqueObject;
use crate::sentinel::data_connector::{Document, list};
use crate::sentinel::{Onboarding, OnboardingState, Tenant, WorkspaceId, is_not_onboarded};
use crate::session::{self, Session};

use super::attributes::{ADOPT_EXISTING, CONTRACT, TENANT_ID, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::identity::connection;
use super::tenant::checked;
use crate::defender_xdr::{self, Stream};
use crate::subscription_connector::connected_subscriptions;
use crate::tenant_connector::contract::Contract;

/// Plans a creation or a replacement; an update changes nothing in Azure and needs no look at it.
pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let creation = match plan.action() {
        PlannedAction::Undecided => return Ok(()), // on which workspace it will be is not known yet
        PlannedAction::Update | PlannedAction::NoOp => None,
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
    };
    if let (Some(prior), Knowable::Known(planned)) = (plan.prior(), plan.get(&WORKSPACE_ID)?) {
        let workspace = prior.get(&WORKSPACE_ID)?;
        session.ownership().plan_existing(ctx, &connection(&workspace), prior, workspace == planned)?;
    }
    if let Some(Creation { connection, adoption }) = creation {
        session.ownership().plan_creation(ctx, &connection, plan.private(), adoption)?;
    }
    Ok(())
}

/// Says in the plan of a destroy what it cannot avoid.
pub(super) async fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let contract = ContractOverride::in_force(prior.get(&CONTRACT)?.as_ref());
    session.ownership().plan_destroy(ctx, &connection(&workspace), prior)?;
    // A look that fails says nothing here: the destroy itself will.
    let documents = list(session, &workspace, &contract.api_version, &session::deadline(ctx)).await.unwrap_or_default();
    if let Some(document) = defender_xdr::unfiltered(&documents, &contract.part()) {
        ctx.warn(diagnostics::cuts_everything(&workspace, document));
    }
    Ok(())
}

/// A connection to create, or to take over.
struct Creation {
    connection: UniqueObject,
    /// The warning that it is taken over.
    adoption: Option<Diagnostic>,
}

/// What the create would find, and the tenant; none while the workspace is unknown.
async fn plan_creation(ctx: &Context, session: &Session, plan: &mut Plan) -> Result<Option<Creation>, Diagnostics> {
    let Knowable::Known(workspace) = plan.get(&WORKSPACE_ID)? else { return Ok(None) };
    let connection = connection(&workspace);
    let standing = session.ownership().standing(&connection, plan.private())?;
    plan_tenant(ctx, session, &workspace, plan).await?;
    let Knowable::Known(contract) = plan.get(&CONTRACT)? else {
        return Ok(Some(Creation { connection, adoption: None }));
    };
    let contract = ContractOverride::in_force(contract.as_ref());
    let connection = connection.importable_if(contract.is_importable());
    let deadline = session::deadline(ctx);
    let adoption = match list(session, &workspace, &contract.api_version, &deadline).await {
        Ok(documents) => match look_ahead(ctx, &workspace, &contract, &documents) {
            Some((found, stream)) => {
                let found = diagnostics::found(&workspace, found);
                let is_adopted = connection.check_adoption(standing, plan.get(&ADOPT_EXISTING)?, &found)?;
                is_adopted.then(|| connection.adopted(&found, diagnostics::adoption(stream)))
            }
            None => None,
        },
        Err(error) if is_not_onboarded(&error) => {
            if let Ok(Onboarding::Absent) = session.look_up(&OnboardingState::of(&workspace), &deadline).await {
                let mut warning = diagnostics::not_onboarded(&workspace);
                warning.severity = Severity::Warning; // the same run may onboard it first
                ctx.warn(warning);
            }
            None
        }
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing connection";
            let Some(warning) = azure_diagnostics::missing_role_in_plan(&error, ACTIVITY) else {
                return Err(azure_diagnostics::from_error(&error, ACTIVITY).at(WORKSPACE_ID.path()).into());
            };
            ctx.warn(warning.at(WORKSPACE_ID.path()));
            None
        }
    };
    Ok(Some(Creation { connection, adoption }))
}

/// The tenant is known as soon as the workspace is.
async fn plan_tenant(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let deadline = session::deadline(ctx);
    let given = match plan.config().get(&TENANT_ID)? {
        Knowable::Known(given) => given,
        Knowable::Unknown => return Ok(()),
    };
    let looked_up = session.look_up(&Tenant::of(workspace), &deadline).await;
    // No tenant, no plan: were it left to the apply, a login that loses or lacks the right by then would turn a known
    // value into an unknown one, which Terraform takes for a bug.
    let tenant = checked(looked_up, workspace, given.as_ref())?;
    if given.is_none() {
        plan.set(&TENANT_ID, Some(tenant));
    }
    Ok(())
}

/// The connection that is on already; warns of what a create would do beside its own business.
fn look_ahead<'a>(
    ctx: &Context,
    workspace: &WorkspaceId,
    contract: &Contract,
    documents: &'a [Document],
) -> Option<(&'a Document, Stream)> {
    let legacy = connected_subscriptions(documents);
    if !legacy.is_empty() {
        ctx.warn(diagnostics::duplicates(workspace, &legacy));
    }
    let part = contract.part();
    let found = defender_xdr::streaming(documents, &part);
    if found.is_none() {
        let candidate = defender_xdr::candidate(documents, &part);
        let also_starts = candidate.map(|found| defender_xdr::also_starts(found, &part)).unwrap_or_default();
        if !also_starts.is_empty() {
            ctx.warn(diagnostics::also_starts(&also_starts));
        }
    }
    found
}

#[cfg(test)]
mod tests;
