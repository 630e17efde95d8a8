//! Delete: uninstalls the solution and warns about what stays.

use crate::azure_diagnostics;
use crate::content_hub::installation::InstallationRecord;
use crate::content_hub::installation::inventory::Inventory;
use crate::content_hub::installation::uninstall::{UninstallError, uninstall};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::defender_xdr::{self, DEFENDER_FOR_CLOUD, Part};
use crate::framework::{Context, Failed, State};
use crate::sentinel::data_connector::Document;
use crate::sentinel::is_gone;
use crate::session::{self, Session};
use crate::subscription_connector::connected_subscriptions;

use super::attributes::WORKSPACE_ID;
use super::identity::{content_id, package_id, solution};
use super::record::record_in;
use super::{diagnostics, earlier_deployment};

/// The pages of the tenant-based and of the subscription-based Defender for Cloud connector.
const TENANT_PAGE: &str = "MicrosoftDefenderForCloudTenantBased";
const SUBSCRIPTION_PAGE: &str = "AzureSecurityCenter";

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let content_id = content_id(state).map_err(Failed::nothing_changed)?;
    let record = record_in(state);
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline);
    let failed = |error, activity| {
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    };
    let _lock = session
        .lock(&package_id(&workspace, &content_id), &deadline)
        .await
        .map_err(|error| failed(error, "waiting for another change of the solution"))?;
    let solution = solution(&workspace, &content_id);
    if session.ownership().is_taken_over(&solution, state) {
        tracing::info!(content_id, "the solution stays, because another resource has taken it over");
        return Ok(());
    }
    earlier_deployment::stop(&hub, state, &content_id).await.map_err(Failed::nothing_changed)?;
    let result = match Inventory::read(&hub, &content_id, record.as_ref()).await {
        Ok(inventory) => {
            warn_about_active_items(ctx, &inventory, &content_id);
            warn_about_connections(ctx, &inventory, &content_id, record.as_ref());
            uninstall(&hub, &content_id, &inventory, record.as_ref()).await
        }
        Err(error) => Err(UninstallError::Azure(error)),
    };
    match result {
        Ok(()) => {}
        Err(UninstallError::Azure(error)) if is_gone(&error) => {}
        Err(UninstallError::Azure(error)) => return Err(failed(error, "uninstalling the solution")),
        Err(UninstallError::StillListed) => {
            return Err(Failed::nothing_changed(diagnostics::still_listed(&workspace, &content_id)));
        }
    }
    session.ownership().released(&solution);
    Ok(())
}

pub(super) fn warn_about_active_items(ctx: &Context, inventory: &Inventory, content_id: &str) {
    let items = inventory.active_items();
    if !items.is_empty() {
        ctx.warn(diagnostics::active_items_stay(&diagnostics::title(&inventory.observation, content_id), &items));
    }
}

/// Not in a plan, because the same run may disconnect first.
fn warn_about_connections(ctx: &Context, inventory: &Inventory, content_id: &str, record: Option<&InstallationRecord>) {
    let pages = inventory.observation.expected_pages(record);
    let connections = connections(&inventory.connectors, &pages);
    if !connections.is_empty() {
        let title = diagnostics::title(&inventory.observation, content_id);
        ctx.warn(diagnostics::connections_stay(&title, &connections));
    }
}

/// The connections whose connector pages will be deleted, for messages.
fn connections(connectors: &[Document], pages: &[String]) -> Vec<String> {
    let has = |page: &str| pages.iter().any(|own| own.eq_ignore_ascii_case(page));
    let mut connections = Vec::new();
    if has(TENANT_PAGE) && defender_xdr::streaming(connectors, &Part::alerts_of(DEFENDER_FOR_CLOUD)).is_some() {
        connections.push("tenant-wide Defender for Cloud alerts (sentinel_dfc_tenant_connector)".to_owned());
    }
    if has(SUBSCRIPTION_PAGE) {
        let subscriptions = connected_subscriptions(connectors);
        connections
            .extend(subscriptions.iter().map(|id| format!("Defender for Cloud alerts of the subscription {id}")));
    }
    connections
}
