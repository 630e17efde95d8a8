//! Plan: the tenant, conflicts with existing connectors, and warnings.

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, State};
use crate::ownership::{Adoption, UniqueObject};
use crate::prerequisites::{Needs, preflight, preflight_after_rejection};
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::sentinel::data_connector::{
    ALERTS, Document, SUBSCRIPTION_CONNECTOR, list, name_for, subscription_key_prefix, subscriptions_that_stay,
};
use crate::sentinel::{PlannedCreation, TenantId, WorkspaceId};
use crate::session::{self, Session};

use super::attributes::{ADOPT_EXISTING, CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::identity::connection;
use crate::defender_xdr::{self, Record, Stream, TENANT_ID, WARNED, XDR_CONNECTOR, planned_tenant};
use crate::tenant_connector::contract::{Contract, is_dedicated_kind};

/// Plans a creation or a replacement. An update does not change Azure, so it reads nothing.
pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let creation = match plan.action() {
        PlannedAction::Undecided => return Ok(()), // The workspace is unknown.
        PlannedAction::Update | PlannedAction::NoOp => None,
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
    };
    if plan.action() == PlannedAction::Replace
        && let Some(prior) = plan.prior()
        && warn_about_disconnect(ctx, session, prior).await?
    {
        plan.private_mut().set(WARNED, true);
    }
    if let (Some(prior), Knowable::Known(planned)) = (plan.prior(), plan.get(&WORKSPACE_ID)?) {
        let workspace = prior.get(&WORKSPACE_ID)?;
        session.ownership().plan_existing(ctx, &connection(&workspace), prior, workspace == planned)?;
    }
    if let Some(Creation { connection, adoption }) = creation {
        session.ownership().plan_creation(ctx, &connection, plan.private(), plan.get(&ADOPT_EXISTING)?, adoption)?;
    }
    Ok(())
}

/// Warns about the effects of a destroy.
pub(super) async fn plan_destroy(
    ctx: &Context,
    client: Option<&Session>,
    prior: &mut State,
) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &connection(&prior.get(&WORKSPACE_ID)?), prior)?;
    if warn_about_disconnect(ctx, session, prior).await? {
        prior.private_mut().set(WARNED, true);
    }
    Ok(())
}

/// Warns if the destroy disables alerts that this resource did not enable. Returns whether the warning was that it
/// disables the alerts of all products.
async fn warn_about_disconnect(ctx: &Context, session: &Session, prior: &State) -> Result<bool, Diagnostics> {
    let workspace = prior.get(&WORKSPACE_ID)?;
    let contract = ContractOverride::in_force(prior.get(&CONTRACT)?.as_ref());
    let part = contract.part();
    // If this read fails, the destroy reports the error.
    let documents = list(session, &workspace, &contract.api_version, &session::deadline(ctx)).await.unwrap_or_default();
    if let Some(document) = defender_xdr::unfiltered(&documents, &part) {
        ctx.warn(diagnostics::disables_all_alerts(&workspace, document));
        return Ok(true);
    }
    let is_found = Record::in_state(prior).is_some_and(|record| record.is_found());
    // A connector with the provider's own name was created by this provider, even if a replacement has adopted it.
    let is_own = |document: &Document| document.is_named(&name_for(&workspace, &contract.kind));
    if let Some((document, _)) = defender_xdr::streaming(&documents, &part)
        && is_found
        && !is_own(document)
    {
        ctx.warn(diagnostics::was_connected_before(&workspace, document));
    }
    Ok(false)
}

/// A connection to create or to adopt.
struct Creation {
    connection: UniqueObject,
    /// What the plan reports about an existing connection.
    adoption: Adoption,
}

/// Plans the tenant, and looks up an existing connection. Returns `None` while the workspace is unknown.
async fn plan_creation(ctx: &Context, session: &Session, plan: &mut Plan) -> Result<Option<Creation>, Diagnostics> {
    let Knowable::Known(workspace) = plan.get(&WORKSPACE_ID)? else { return Ok(None) };
    let connection = connection(&workspace);
    let owner = session.ownership().owner(&connection, plan.private());
    let given = plan.config().get(&TENANT_ID)?;
    if let Some(tenant) = planned_tenant(ctx, session, &workspace, given).await? {
        plan.set(&TENANT_ID, Some(tenant));
    }
    let Knowable::Known(contract) = plan.get(&CONTRACT)? else {
        return Ok(Some(Creation { connection, adoption: Adoption::None }));
    };
    let contract = ContractOverride::in_force(contract.as_ref());
    let connection = connection.importable_if(contract.is_importable());
    let deadline = session::deadline(ctx);
    let creation = PlannedCreation { ctx, session, workspace: &workspace, config: plan.config(), deadline: &deadline };
    let adoption = match list(session, &workspace, &contract.api_version, &deadline).await {
        Ok(documents) => {
            if defender_xdr::streaming(&documents, &contract.part()).is_none() {
                // Azure has no license check for dedicated connectors.
                let is_xdr = contract.kind == MICROSOFT_THREAT_PROTECTION;
                let tenant = plan.get(&TENANT_ID)?.known().flatten().filter(|_| is_xdr);
                let needs = Needs { xdr_of_tenant: tenant.as_ref().map(TenantId::as_str), solution: true };
                preflight(&creation, needs).await?;
            }
            // No request follows, so of two connectors that are planned concurrently, one finds the other.
            match find_existing(ctx, session, &workspace, &contract, &documents) {
                Some((found, stream)) => {
                    let (found, adopt) = (diagnostics::found(&workspace, found), plan.get(&ADOPT_EXISTING)?);
                    connection.adoption(owner, adopt, &found, || diagnostics::adoption(stream).to_owned())
                }
                None => Adoption::None,
            }
        }
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing connection";
            if !preflight_after_rejection(&creation, &error, ACTIVITY).await? {
                return Err(azure_diagnostics::from_error(&error, ACTIVITY).at(WORKSPACE_ID.path()).into());
            }
            Adoption::None
        }
    };
    Ok(Some(Creation { connection, adoption }))
}

/// Finds the existing connection, and warns about the side effects of a create.
fn find_existing<'a>(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    contract: &Contract,
    documents: &'a [Document],
) -> Option<(&'a Document, Stream)> {
    let legacy = subscriptions_connected_twice(session, workspace, documents);
    if !legacy.is_empty() {
        ctx.warn(diagnostics::duplicates(workspace, &legacy));
    }
    let part = contract.part();
    let found = defender_xdr::streaming(documents, &part);
    // The apply plans again. It must not warn about a connector that the same apply has just created.
    let is_own = session.ownership().is_created(XDR_CONNECTOR, workspace.key());
    // If the alerts stream already, the portal is right.
    if found.is_none() && defender_xdr::with_incidents(documents).is_some() && !is_own {
        ctx.warn(diagnostics::incidents_are_enabled(workspace));
    }
    let is_dedicated = |document: &&Document| is_dedicated_kind(document.kind()) && document.is_enabled(&[ALERTS]);
    if let Some(other) = documents.iter().filter(is_dedicated).find(|document| !document.is_kind(&contract.kind)) {
        ctx.warn(diagnostics::streams_too(workspace, other));
    }
    if found.is_none() {
        let candidate = defender_xdr::candidate(documents, &part);
        let also_enables = candidate.map(|found| defender_xdr::also_enables(found, &part)).unwrap_or_default();
        if !also_enables.is_empty() {
            ctx.warn(diagnostics::also_enables(workspace, &also_enables));
        }
    }
    found
}

/// The subscriptions that a subscription-based connector also connects, in Azure or according to the plans of this run.
fn subscriptions_connected_twice(session: &Session, workspace: &WorkspaceId, documents: &[Document]) -> Vec<String> {
    let prefix = subscription_key_prefix(workspace);
    let mut subscriptions = subscriptions_that_stay(session, workspace, documents);
    for key in session.ownership().planned_creations(SUBSCRIPTION_CONNECTOR, &prefix) {
        let guid = key[prefix.len()..].to_owned();
        if !subscriptions.iter().any(|known| known.eq_ignore_ascii_case(&guid)) {
            subscriptions.push(guid);
        }
    }
    subscriptions.sort();
    subscriptions
}

#[cfg(test)]
mod tests;
