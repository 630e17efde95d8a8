//! Delete: uninstall, and say what stays.

use crate::azure_diagnostics;
use crate::content_hub::installation::Record;
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::uninstall::{Inventory, UninstallError, uninstall};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::defender_xdr::{self, DEFENDER_FOR_CLOUD, Part};
use crate::framework::{Context, Diagnostic, Diagnostics, Failed, State};
use crate::sentinel::data_connector::Document;
use crate::sentinel::is_gone;
use crate::session::{self, Session};
use crate::subscription_connector::connected_subscriptions;

use super::attributes::WORKSPACE_ID;
use super::identity::{content_id, package_id, solution};
use super::{diagnostics, earlier_deployment};

/// The page of the tenant-based Defender for Cloud connector, and that of the older one.
const TENANT_PAGE: &str = "MicrosoftDefenderForCloudTenantBased";
const SUBSCRIPTION_PAGE: &str = "AzureSecurityCenter";

/// Says in the plan of a destroy what it leaves.
pub(super) async fn plan(ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let content_id = content_id(prior)?;
    session.ownership().plan_destroy(ctx, &solution(&workspace, &content_id), prior)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).recent();
    // A look that fails says nothing here: the destroy itself will.
    let record = prior.private().get(KEY).and_then(Record::from_json);
    if let Ok(inventory) = Inventory::of(&hub, &content_id, record.as_ref()).await {
        warn_of_items(ctx, &inventory, &content_id);
    }
    Ok(())
}

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let content_id = content_id(state).map_err(Failed::nothing_changed)?;
    let record = state.private().get(KEY).and_then(Record::from_json);
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline);
    let failed = |diagnostic: Diagnostic| Failed::nothing_changed(diagnostic);
    let _turn = session.lock(&package_id(&workspace, &content_id), &deadline).await.map_err(|error| {
        failed(
            azure_diagnostics::from_error(&error, "waiting for another change of the solution").at(WORKSPACE_ID.path()),
        )
    })?;
    let solution = solution(&workspace, &content_id);
    if session.ownership().is_taken_over(&solution, state) {
        tracing::info!(content_id, "another resource has taken over the solution: it stays");
        return Ok(());
    }
    if let Err(diagnostics) = earlier_deployment::end(&hub, state, &content_id).await {
        return Err(Failed::nothing_changed(diagnostics));
    }
    let outcome = match Inventory::of(&hub, &content_id, record.as_ref()).await {
        Ok(inventory) => {
            warn_of_items(ctx, &inventory, &content_id);
            warn_of_connections(ctx, &inventory, &content_id, record.as_ref());
            uninstall(&hub, &content_id, &inventory, record.as_ref()).await
        }
        Err(error) => Err(UninstallError::Azure(error)),
    };
    match outcome {
        Ok(()) => {}
        Err(UninstallError::Azure(error)) if is_gone(&error) => {}
        Err(UninstallError::Azure(error)) => {
            return Err(failed(
                azure_diagnostics::from_error(&error, "uninstalling the solution").at(WORKSPACE_ID.path()),
            ));
        }
        Err(UninstallError::StillListed) => {
            return Err(failed(diagnostics::still_listed(&workspace, &content_id)));
        }
    }
    session.ownership().released(&solution);
    Ok(())
}

fn warn_of_items(ctx: &Context, inventory: &Inventory, content_id: &str) {
    let items = inventory.active_items();
    if !items.is_empty() {
        ctx.warn(diagnostics::active_items_stay(&diagnostics::title(&inventory.observation, content_id), &items));
    }
}

/// Not while planning: the same run may disconnect first.
fn warn_of_connections(ctx: &Context, inventory: &Inventory, content_id: &str, record: Option<&Record>) {
    let pages = inventory.observation.expected_pages(record);
    let connections = still_on(&inventory.connectors, &pages);
    if !connections.is_empty() {
        ctx.warn(diagnostics::streams_on(&diagnostics::title(&inventory.observation, content_id), &connections));
    }
}

/// Connections whose pages are about to go, for people.
fn still_on(connectors: &[Document], pages: &[String]) -> Vec<String> {
    let has = |page: &str| pages.iter().any(|own| own.eq_ignore_ascii_case(page));
    let mut on = Vec::new();
    if has(TENANT_PAGE) && defender_xdr::streaming(connectors, &Part::alerts_of(DEFENDER_FOR_CLOUD)).is_some() {
        on.push("the alerts of Defender for Cloud, tenant-wide (sentinel_dfc_tenant_connector)".to_owned());
    }
    if has(SUBSCRIPTION_PAGE) {
        let subscriptions = connected_subscriptions(connectors);
        on.extend(subscriptions.iter().map(|id| format!("the alerts of Defender for Cloud of the subscription {id}")));
    }
    on
}
