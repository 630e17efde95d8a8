//! Plan: what can be known before anything is written.

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, Severity, State};
use crate::ownership::Owner;
use crate::sentinel::data_connector::{Document, list};
use crate::sentinel::{Onboarding, WorkspaceId, is_not_onboarded};
use crate::session::Session;

use super::attributes::{ADOPT_EXISTING, CONTRACT, TENANT_ID, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::record::{KEY, Record};
use super::resource::TYPE_NAME;
use super::tenant::checked;
use crate::tenant_connector::contract::Contract;
use crate::tenant_connector::slice::{self, Stream};

/// Plans a creation or a replacement; an update changes nothing in Azure and needs no look at it.
pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    if plan.action() == PlannedAction::Undecided {
        return Ok(()); // on which workspace it will be, and whether it stays at all, is not known yet
    }
    if let (Some(session), Some(prior)) = (client, plan.prior()) {
        let workspace = prior.get(&WORKSPACE_ID)?;
        let (run, key, mark) = (session.singletons(), workspace.key(), mark(prior));
        if plan.get(&WORKSPACE_ID)? != Knowable::Known(workspace.clone()) {
            let _ = run.leaves(TYPE_NAME, &key, mark.as_deref()); // what it becomes is planned by itself
        } else if run.is_expected(TYPE_NAME, &key) {
            return Err(diagnostics::managed_twice(&workspace).into());
        } else {
            diagnostics::meets(ctx, run.stays(TYPE_NAME, &key, mark.as_deref()), &workspace)?;
        }
    }
    if matches!(plan.action(), PlannedAction::Update | PlannedAction::NoOp) {
        return Ok(());
    }
    let (Some(session), Knowable::Known(workspace)) = (client, plan.get(&WORKSPACE_ID)?) else {
        return Ok(());
    };
    if !replaces_itself(plan, &workspace) {
        // A replacement is planned twice, first with its prior state: only the second is the creation.
        if plan.prior().is_none() && !session.singletons().expects(TYPE_NAME, &workspace.key()) {
            return Err(diagnostics::managed_twice(&workspace).into());
        }
        if session.singletons().is_leaving(TYPE_NAME, &workspace.key()) {
            ctx.warn(diagnostics::changes_hands(&workspace));
        }
    }
    plan_tenant(ctx, session, &workspace, plan).await?;
    let Knowable::Known(contract) = plan.get(&CONTRACT)? else { return Ok(()) };
    let contract = ContractOverride::in_force(contract.as_ref());
    let deadline = session.deadline(ctx);
    match list(session, &workspace, &contract.api_version, &deadline).await {
        Ok(documents) => look_ahead(ctx, &workspace, &contract, &documents, plan, session),
        Err(error) if is_not_onboarded(&error) => {
            if let Ok(Onboarding::Absent) = session.onboarding(&workspace, &deadline).await {
                let mut warning = diagnostics::not_onboarded(&workspace);
                warning.severity = Severity::Warning; // the same run may onboard it first
                ctx.warn(warning);
            }
            Ok(())
        }
        Err(error) => Err(azure_diagnostics::from_error(&error, "looking for an existing connection")
            .at(WORKSPACE_ID.path())
            .into()),
    }
}

/// Says in the plan of a destroy what it cannot avoid.
pub(super) async fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let rival = session.singletons().leaves(TYPE_NAME, &workspace.key(), mark(prior).as_deref());
    diagnostics::meets(ctx, rival, &workspace)?;
    if session.singletons().is_expected(TYPE_NAME, &workspace.key()) {
        ctx.warn(diagnostics::changes_hands(&workspace));
    }
    let contract = ContractOverride::in_force(prior.get(&CONTRACT)?.as_ref());
    // A look that fails says nothing here: the destroy itself will.
    let documents = list(session, &workspace, &contract.api_version, &session.deadline(ctx)).await.unwrap_or_default();
    if let Some((document, Stream::Everything)) = slice::streaming(&documents, &contract) {
        ctx.warn(diagnostics::cuts_everything(&workspace, document));
    }
    Ok(())
}

/// The mark of the create that made what is in the state, where it is known.
fn mark(state: &State) -> Option<String> {
    state.private().get(KEY).and_then(Record::from_json)?.mark().map(str::to_owned)
}

/// The tenant is known as soon as the workspace is.
async fn plan_tenant(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let deadline = session.deadline(ctx);
    let given = match plan.config().get(&TENANT_ID)? {
        Knowable::Known(given) => given,
        Knowable::Unknown => return Ok(()),
    };
    let looked_up = session.tenant_of(workspace, &deadline).await;
    // No tenant, no plan: were it left to the apply, a login that loses or lacks the right by then would turn a known
    // value into an unknown one, which Terraform takes for a bug.
    let tenant = checked(looked_up, workspace, given.as_ref())?;
    if given.is_none() {
        plan.set(&TENANT_ID, Some(tenant));
    }
    Ok(())
}

/// What the create would find.
fn look_ahead(
    ctx: &Context,
    workspace: &WorkspaceId,
    contract: &Contract,
    documents: &[Document],
    plan: &Plan,
    session: &Session,
) -> Result<(), Diagnostics> {
    let legacy = slice::subscription_connections(documents);
    if !legacy.is_empty() {
        ctx.warn(diagnostics::duplicates(workspace, &legacy));
    }
    let Some((found, stream)) = slice::streaming(documents, contract) else {
        let also_starts = slice::connectable(documents, contract)
            .and_then(|found| slice::connect(Some(found), contract, "", ""))
            .map(|connect| connect.also_starts);
        if let Some(providers) = also_starts.filter(|providers| !providers.is_empty()) {
            ctx.warn(diagnostics::also_starts(&providers));
        }
        return Ok(());
    };
    if replaces_itself(plan, workspace) {
        return Ok(());
    }
    match (plan.get(&ADOPT_EXISTING)?, session.singletons().owner(TYPE_NAME, &workspace.key())) {
        (_, Owner::Another) => Err(diagnostics::managed_twice(workspace).into()),
        // Also where it is most likely the object itself, tainted: the other way round it must not go unsaid.
        (Knowable::Known(true), _) => {
            ctx.warn(diagnostics::adopted(workspace, found, stream));
            Ok(())
        }
        (_, Owner::Itself) | (Knowable::Unknown, _) => Ok(()),
        (Knowable::Known(false), _) => Err(diagnostics::conflict(workspace, found, contract).into()),
    }
}

/// What is planned takes the place of an object on the same workspace, which is destroyed first.
fn replaces_itself(plan: &Plan, workspace: &WorkspaceId) -> bool {
    plan.private().get(KEY).and_then(Record::from_json).is_some_and(|record| record.is_on(workspace))
}

#[cfg(test)]
mod tests;
