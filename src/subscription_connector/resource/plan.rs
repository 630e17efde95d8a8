//! Plan: the monitored subscription, conflicts with an existing connector, and warnings.

use crate::defender_xdr::{self, DEFENDER_FOR_CLOUD, Part, TENANT_CONNECTOR};
use crate::framework::{Context, Diagnostics, Knowable, Plan, PlannedAction, Severity, State};
use crate::ownership::{Adoption, UniqueObject};
use crate::prerequisites::{Needs, preflight, preflight_after_rejection};
use crate::sentinel::data_connector::{Document, list_recent};
use crate::sentinel::{PlannedCreation, Tenant};
use crate::session::{self, Session};
use crate::subscription_connector::connector::{find, is_connected};
use crate::subscription_connector::plans::DefenderPlans;
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{ADOPT_EXISTING, NAME, SUBSCRIPTION_ID, WORKSPACE_ID};
use super::diagnostics::{self, Subject};
use super::identity::{connection, connection_in_state};

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let action = plan.action();
    let creation = match action {
        PlannedAction::Undecided => return Ok(()), // The workspace or the subscription is unknown.
        PlannedAction::Create | PlannedAction::Replace => plan_creation(ctx, session, plan).await?,
        _ => None,
    };
    if let Some(prior) = plan.prior() {
        let remains = action != PlannedAction::Replace;
        session.ownership().plan_existing(ctx, &connection_in_state(prior)?, prior, remains)?;
    }
    if let Some(Creation { object, adoption }) = creation {
        session.ownership().compare_creations(ctx, &object, plan.config());
        session.ownership().plan_creation(ctx, &object, plan.private(), plan.get(&ADOPT_EXISTING)?, adoption)?;
    }
    Ok(())
}

pub(super) fn plan_destroy(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &connection_in_state(prior)?, prior)
}

/// A connector to create or to adopt.
struct Creation {
    object: UniqueObject,
    /// What the plan reports about an existing connector.
    adoption: Adoption,
}

/// Plans the subscription, and looks up an existing connector. Returns `None` while the workspace or the subscription
/// is unknown.
async fn plan_creation(ctx: &Context, session: &Session, plan: &mut Plan) -> Result<Option<Creation>, Diagnostics> {
    let (Knowable::Known(workspace), Knowable::Known(given)) =
        (plan.get(&WORKSPACE_ID)?, plan.config().get(&SUBSCRIPTION_ID)?)
    else {
        return Ok(None);
    };
    if given.is_none() {
        plan.set(&SUBSCRIPTION_ID, Some(SubscriptionId::of(workspace.subscription())));
    }
    let subscription = given.unwrap_or_else(|| SubscriptionId::of(workspace.subscription()));
    let subject = Subject { workspace: &workspace, subscription: &subscription };
    check_subscription(ctx, session, &subject).await?;
    let object = connection(&workspace, &subscription, None);
    let owner = session.ownership().owner(&object, plan.private());
    let deadline = session::deadline(ctx);
    let creation = PlannedCreation { ctx, session, workspace: &workspace, config: plan.config(), deadline: &deadline };
    let documents = match list_recent(session, &workspace, defender_xdr::API_VERSION, &deadline).await {
        Ok(documents) => documents,
        Err(error) => {
            const ACTIVITY: &str = "looking for an existing connector of the subscription";
            if !preflight_after_rejection(&creation, &error, ACTIVITY).await? {
                return Err(subject.workspace_error(&error, ACTIVITY).into());
            }
            return Ok(Some(Creation { object, adoption: Adoption::None }));
        }
    };
    preflight(&creation, Needs::default()).await?;
    if tenant_wide_alerts_stream(session, &subject, &documents) {
        ctx.warn(diagnostics::duplicates(&subject));
    }
    let adoption = match find(&documents, &subscription) {
        Some(found) => {
            let other_name = match plan.config().get(&NAME)? {
                Knowable::Known(Some(name)) => !found.is_named(&name),
                Knowable::Known(None) | Knowable::Unknown => false,
            };
            let may_adopt = plan.get(&ADOPT_EXISTING)? != Knowable::Known(false);
            if other_name && (may_adopt || !is_connected(found)) {
                let mut warning = diagnostics::other_name(&subject, found);
                // An error in a plan would also prevent the destroy of other resources.
                warning.severity = Severity::Warning;
                Adoption::Rejected(warning)
            } else if is_connected(found) {
                let object = connection(&workspace, &subscription, Some(found.name()));
                let sentence = diagnostics::found(&subject, found);
                object.adoption(owner, plan.get(&ADOPT_EXISTING)?, &sentence, || diagnostics::ADOPTION.to_owned())
            } else {
                Adoption::None
            }
        }
        None => Adoption::None,
    };
    Ok(Some(Creation { object, adoption }))
}

/// Whether the tenant connector also streams the alerts to the workspace, or will after this run.
fn tenant_wide_alerts_stream(session: &Session, subject: &Subject<'_>, documents: &[Document]) -> bool {
    let key = subject.workspace.key();
    let ownership = session.ownership();
    if ownership.is_being_created(TENANT_CONNECTOR, key.clone()) {
        return true;
    }
    let streams = defender_xdr::streaming(documents, &Part::alerts_of(DEFENDER_FOR_CLOUD)).is_some();
    streams && !ownership.is_released(TENANT_CONNECTOR, key)
}

/// Checks the tenant of the monitored subscription, and warns if the subscription cannot be read or has no Defender
/// plan.
async fn check_subscription(ctx: &Context, session: &Session, subject: &Subject<'_>) -> Result<(), Diagnostics> {
    let deadline = session::deadline(ctx);
    let (workspace, subscription) = (subject.workspace, subject.subscription);
    if subscription.guid() != workspace.subscription().to_ascii_lowercase() {
        match session.look_up(&Tenant::of_subscription(&subscription.guid()), &deadline).await {
            Ok(tenant) => {
                if let Ok(own) = session.look_up(&Tenant::of(workspace), &deadline).await
                    && own != tenant
                {
                    return Err(diagnostics::other_tenant(subject, &tenant, &own).into());
                }
            }
            Err(error) => {
                ctx.warn(diagnostics::not_readable(subject, &error));
                return Ok(());
            }
        }
    }
    match session.look_up(&DefenderPlans::of(subscription), &deadline).await {
        Ok(true) => {}
        Ok(false) => ctx.warn(diagnostics::no_plans(subject)),
        // The resource provider is not registered, so no plan has ever been enabled.
        Err(error)
            if error
                .service()
                .is_some_and(|service| service.code.as_deref() == Some("MissingSubscriptionRegistration")) =>
        {
            ctx.warn(diagnostics::no_plans(subject));
        }
        Err(error) => ctx.warn(diagnostics::not_readable(subject, &error)),
    }
    Ok(())
}
