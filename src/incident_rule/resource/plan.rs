//! Plan: conflicts with an existing rule, and other sources of the same incidents.

use crate::azure_diagnostics;
use crate::defender_xdr;
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, State};
use crate::incident_rule::api::{self, AlertRules};
use crate::incident_rule::product::{self, DEFENDER_FOR_IOT};
use crate::incident_rule::rule::Rule;
use crate::incident_sources::{IncidentChange, announce, planned_xdr_incidents};
use crate::ownership::{Adoption, UniqueObject};
use crate::sentinel::{PlannedCreation, data_connector, is_not_onboarded};
use crate::session::{self, Session};

use super::attributes::{
    ADOPT_EXISTING, ALERT_RULE_TEMPLATE_GUID, DESCRIPTION, DISPLAY_NAME, DISPLAY_NAME_EXCLUDE_FILTER,
    DISPLAY_NAME_FILTER, ENABLED, ID, NAME, PRODUCT_FILTER, SEVERITY_FILTER, WORKSPACE_ID,
};
use super::diagnostics;
use super::identity::{rule_in_state, unique_rule};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let action = plan.action();
    let creation = match action {
        PlannedAction::Undecided => return Ok(()), // The workspace or the name is unknown.
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
        _ => None,
    };
    if let Some(prior) = plan.prior() {
        let remains = action != PlannedAction::Replace;
        session.ownership().plan_existing(ctx, &rule_in_state(prior)?, prior, remains)?;
    }
    if let Some(Creation { object, adoption }) = creation {
        session.ownership().compare_creations(ctx, &object, plan.config());
        session.ownership().plan_creation(ctx, &object, plan.private(), plan.get(&ADOPT_EXISTING)?, adoption)?;
    }
    warn_if_created_twice(ctx, session, plan).await
}

pub(super) async fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &rule_in_state(prior)?, prior)
}

/// A rule with a configured name to create or to adopt.
struct Creation {
    object: UniqueObject,
    /// What the plan reports about an existing rule.
    adoption: Adoption,
}

/// Looks up an existing rule. Returns `None` if the name is unknown or will be a new GUID.
async fn plan_creation(ctx: &Context, session: &Session, plan: &mut Plan) -> Result<Option<Creation>, Diagnostics> {
    let (Knowable::Known(workspace), Knowable::Known(name)) = (plan.get(&WORKSPACE_ID)?, plan.config().get(&NAME)?)
    else {
        return Ok(None);
    };
    if let Some(name) = &name {
        // Set before the requests, so that repeated plans of the creation are equal.
        plan.set(&ID, Some(api::id(&workspace, name).to_string()));
    }
    let deadline = session::deadline(ctx);
    let listed = AlertRules { session, workspace: &workspace, deadline: &deadline }.recent().await;
    let creation = PlannedCreation { ctx, session, workspace: &workspace, config: plan.config(), deadline: &deadline };
    let rules = match listed {
        Ok(rules) => rules,
        Err(error) if is_not_onboarded(&error) => {
            creation.report_missing_onboarding().await?;
            return Ok(None);
        }
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing rule";
            if !creation.warn_if_role_is_missing(&error, ACTIVITY) {
                return Err(azure_diagnostics::from_error(&error, ACTIVITY).at(WORKSPACE_ID.path()).into());
            }
            return Ok(None);
        }
    };
    let Some(name) = name else { return Ok(None) };
    let object = unique_rule(&workspace, &name);
    let owner = session.ownership().owner(&object, plan.private());
    let adoption = match rules.iter().find(|document| api::is_named(document, &name)) {
        None => Adoption::None,
        Some(existing) => match Rule::parse(existing) {
            Some(rule) => {
                let found = diagnostics::found(&workspace, &name, &rule);
                let desired = planned_rule(plan)?;
                let change = || diagnostics::adoption(&rule, desired.as_ref());
                object.adoption(owner, plan.get(&ADOPT_EXISTING)?, &found, change)
            }
            None => Adoption::Rejected(diagnostics::warning(diagnostics::other_kind(&workspace, existing))),
        },
    };
    Ok(Some(Creation { object, adoption }))
}

/// The rule that the apply writes. `None` if a setting is not known yet.
fn planned_rule(plan: &Plan) -> Result<Option<Rule>, Diagnostics> {
    let (
        Knowable::Known(display_name),
        Knowable::Known(product),
        Knowable::Known(severities),
        Knowable::Known(names),
        Knowable::Known(excluded_names),
        Knowable::Known(description),
        Knowable::Known(enabled),
    ) = (
        plan.get(&DISPLAY_NAME)?,
        plan.get(&PRODUCT_FILTER)?,
        plan.get(&SEVERITY_FILTER)?,
        plan.get(&DISPLAY_NAME_FILTER)?,
        plan.get(&DISPLAY_NAME_EXCLUDE_FILTER)?,
        plan.get(&DESCRIPTION)?,
        plan.get(&ENABLED)?,
    )
    else {
        return Ok(None);
    };
    let product = product::azure_name(&product).to_owned();
    let template = plan.get(&ALERT_RULE_TEMPLATE_GUID)?.known().flatten();
    Ok(Some(Rule { display_name, product, severities, names, excluded_names, description, enabled, template }))
}

/// Warns if Defender XDR creates incidents from the same alerts, in Azure or planned in this run. If the connectors cannot
/// be read, it does not warn. For an unchanged rule, it considers only the plans of this run.
async fn warn_if_created_twice(ctx: &Context, session: &Session, plan: &Plan) -> Result<(), Diagnostics> {
    let (Knowable::Known(workspace), Knowable::Known(product)) = (plan.get(&WORKSPACE_ID)?, plan.get(&PRODUCT_FILTER)?)
    else {
        return Ok(());
    };
    if plan.get(&ENABLED)? == Knowable::Known(false) || product == DEFENDER_FOR_IOT {
        return Ok(());
    }
    announce(session, &workspace, IncidentChange::EnablesRule);
    let is_enabled = match planned_xdr_incidents(session, &workspace, plan.config()) {
        None if plan.action() != PlannedAction::NoOp => {
            let deadline = session::deadline(ctx);
            let listed = data_connector::list_recent(session, &workspace, defender_xdr::API_VERSION, &deadline).await;
            listed.is_ok_and(|connectors| defender_xdr::with_incidents(&connectors).is_some())
        }
        planned => planned == Some(true),
    };
    if is_enabled {
        ctx.warn(diagnostics::creates_twice(&workspace, product::display_name(&product)));
    }
    Ok(())
}
