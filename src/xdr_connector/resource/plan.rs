//! Plan: the tenant, conflicts with an existing connector, and warnings.

use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Record, TENANT_ID, planned_tenant};
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, Severity, State};
use crate::incident_sources::{self, IncidentChange};
use crate::ownership::{Adoption, UniqueObject};
use crate::prerequisites::{Needs, preflight, preflight_after_rejection};
use crate::sentinel::data_connector::{Document, list_recent};
use crate::sentinel::{PlannedCreation, TenantId, WorkspaceId};
use crate::session::{self, Session};
use crate::xdr_connector::settings::{Settings, document_of};

use super::attributes::{
    ADOPT_EXISTING, ADVANCED_HUNTING_TABLES, ALERT_PROVIDERS, INCIDENTS_ENABLED, NAME, WORKSPACE_ID, settings_in,
};
use super::diagnostics;
use super::identity::{connector, own_name};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let action = plan.action();
    let creation = match action {
        PlannedAction::Undecided => return Ok(()), // The workspace is unknown.
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
        PlannedAction::Update => {
            plan_update(ctx, session, plan).await?;
            None
        }
        _ => None,
    };
    if let (Some(prior), Knowable::Known(planned)) = (plan.prior(), plan.get(&WORKSPACE_ID)?) {
        let workspace = prior.get(&WORKSPACE_ID)?;
        if action == PlannedAction::Replace {
            warn_if_connected_before(ctx, prior)?;
        }
        session.ownership().plan_existing(ctx, &connector(&workspace), prior, workspace == planned)?;
    }
    if let Some(Creation { object, adoption }) = creation {
        session.ownership().plan_creation(ctx, &object, plan.private(), plan.get(&ADOPT_EXISTING)?, adoption)?;
    }
    announce_incidents(ctx, session, plan)
}

/// Warns about the effects of a destroy.
pub(super) fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &connector(&prior.get(&WORKSPACE_ID)?), prior)?;
    warn_if_connected_before(ctx, prior)
}

/// Warns if a destroy disables settings that were enabled before the resource managed them.
fn warn_if_connected_before(ctx: &Context, prior: &State) -> Result<(), Diagnostics> {
    let workspace = prior.get(&WORKSPACE_ID)?;
    // A connector with the provider's own name was created by this provider, even if a replacement has adopted it.
    let is_own = prior.get(&NAME)?.is_some_and(|name| name.eq_ignore_ascii_case(&own_name(&workspace)));
    let is_found = Record::in_state(prior).is_some_and(|record| record.is_found());
    if is_found && !is_own && !settings_in(prior)?.is_off() {
        ctx.warn(diagnostics::was_connected_before(&workspace));
    }
    Ok(())
}

/// Announces to the plans of incident creation rules that this plan enables or disables incidents, and warns if a rule also
/// creates them.
fn announce_incidents(ctx: &Context, session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let was_on = match plan.prior().filter(|_| plan.action() != PlannedAction::Replace) {
        Some(prior) => prior.get(&INCIDENTS_ENABLED)?,
        None => false,
    };
    let Knowable::Known(workspace) = plan.get(&WORKSPACE_ID)? else { return Ok(()) };
    match plan.get(&INCIDENTS_ENABLED)? {
        Knowable::Known(false) => incident_sources::announce(session, &workspace, IncidentChange::DisablesXdr),
        Knowable::Known(true) if !was_on => {
            incident_sources::announce(session, &workspace, IncidentChange::EnablesXdr);
            if incident_sources::is_announced(session, &workspace, IncidentChange::EnablesRule, plan.config()) {
                ctx.warn(incident_sources::created_twice(&workspace).at(INCIDENTS_ENABLED.path()));
            }
        }
        Knowable::Known(true) | Knowable::Unknown => {}
    }
    Ok(())
}

/// A connector to create or to adopt.
struct Creation {
    object: UniqueObject,
    /// What the plan reports about an existing connector.
    adoption: Adoption,
}

/// Plans the tenant, and looks up an existing connector. Returns `None` while the workspace is unknown.
async fn plan_creation(ctx: &Context, session: &Session, plan: &mut Plan) -> Result<Option<Creation>, Diagnostics> {
    let Knowable::Known(workspace) = plan.get(&WORKSPACE_ID)? else { return Ok(None) };
    let object = connector(&workspace);
    let owner = session.ownership().owner(&object, plan.private());
    let given = plan.config().get(&TENANT_ID)?;
    if let Some(tenant) = planned_tenant(ctx, session, &workspace, given).await? {
        plan.set(&TENANT_ID, Some(tenant));
    }
    let deadline = session::deadline(ctx);
    let creation = PlannedCreation { ctx, session, workspace: &workspace, config: plan.config(), deadline: &deadline };
    let adoption = match list_recent(session, &workspace, API_VERSION, &deadline).await {
        Ok(documents) => {
            // An existing connector shows that the tenant has a license.
            let is_new = document_of(&documents, None).is_none();
            let tenant = plan.get(&TENANT_ID)?.known().flatten().filter(|_| is_new);
            let needs = Needs { xdr_of_tenant: tenant.as_ref().map(TenantId::as_str), solution: false };
            preflight(&creation, needs).await?;
            match (document_of(&documents, None), planned_settings(plan)?) {
                (Some(found), Some(settings)) => {
                    preview(ctx, &workspace, found, &settings);
                    if settings.are_in_use(found) {
                        let change = || diagnostics::adoption(found, &settings);
                        let sentence = diagnostics::found(&workspace, found);
                        object.adoption(owner, plan.get(&ADOPT_EXISTING)?, &sentence, change)
                    } else {
                        Adoption::None
                    }
                }
                _ => Adoption::None,
            }
        }
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing Defender XDR connector";
            if !preflight_after_rejection(&creation, &error, ACTIVITY).await? {
                return Err(azure_diagnostics::from_error(&error, ACTIVITY).at(WORKSPACE_ID.path()).into());
            }
            Adoption::None
        }
    };
    Ok(Some(Creation { object, adoption }))
}

/// Warns about the effects of an update, or that it will fail. If the connectors cannot be read, it does not warn.
async fn plan_update(ctx: &Context, session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let (Knowable::Known(workspace), Some(settings), Some(prior)) =
        (plan.get(&WORKSPACE_ID)?, planned_settings(plan)?, plan.prior())
    else {
        return Ok(());
    };
    if settings_in(prior).is_ok_and(|prior| prior == settings) {
        return Ok(());
    }
    let listed = list_recent(session, &workspace, API_VERSION, &session::deadline(ctx)).await.unwrap_or_default();
    if let Some(found) = document_of(&listed, prior.get(&NAME)?.as_deref()) {
        preview(ctx, &workspace, found, &settings);
    }
    Ok(())
}

fn preview(ctx: &Context, workspace: &WorkspaceId, found: &Document, settings: &Settings) {
    if settings.applied_to(found).is_err() {
        let mut warning = diagnostics::would_narrow(workspace, found);
        warning.severity = Severity::Warning; // An error in a plan would also prevent the destroy of other resources.
        ctx.warn(warning);
    }
    if !settings.also_enables(found).is_empty() {
        ctx.warn(diagnostics::also_enables(workspace));
    }
}

/// The settings of the plan, if all of them are known.
fn planned_settings(plan: &Plan) -> Result<Option<Settings>, Diagnostics> {
    let (Knowable::Known(incidents), Knowable::Known(alert_providers), Knowable::Known(hunting_tables)) =
        (plan.get(&INCIDENTS_ENABLED)?, plan.get(&ALERT_PROVIDERS)?, plan.get(&ADVANCED_HUNTING_TABLES)?)
    else {
        return Ok(None);
    };
    Ok(Some(Settings { incidents, alert_providers, hunting_tables }))
}
