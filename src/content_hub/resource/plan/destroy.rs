//! Plans the destroy of a solution, and warns about content that is kept.

use crate::content_hub::installation::InstallationRecord;
use crate::content_hub::installation::inventory::Inventory;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::defender_xdr::{self, DEFENDER_FOR_CLOUD, Part, TENANT_CONNECTOR};
use crate::framework::{Context, Diagnostics, State};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind::TENANT_CONNECTOR_PAGE;
use crate::sentinel::data_connector::subscriptions_that_stay;
use crate::session::{self, Session};

use crate::content_hub::resource::attributes::{DISPLAY_NAME, WORKSPACE_ID};
use crate::content_hub::resource::diagnostics::{self, Subject};
use crate::content_hub::resource::identity::{content_id, solution_in};
use crate::content_hub::resource::record::{existed_before, record_in};

/// The name of the connector page of the subscription-based Defender for Cloud connector.
const SUBSCRIPTION_PAGE: &str = "AzureSecurityCenter";

pub(in crate::content_hub::resource) async fn plan_destroy(
    ctx: &Context,
    client: Option<&Session>,
    prior: &State,
) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &solution_in(prior)?, prior)?;
    if existed_before(prior)? {
        let (workspace, content_id) = (prior.get(&WORKSPACE_ID)?, content_id(prior)?);
        let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());
        let subject = Subject { workspace: &workspace, content_id: &content_id, title: &title };
        ctx.warn(diagnostics::destroy_uninstalls_foreign(subject));
    }
    warn_about_what_stays(ctx, session, prior).await
}

/// Warns about items and connections that stay when the solution in `prior` is uninstalled. If a request fails, there
/// is no warning, because the apply reports the error.
pub(super) async fn warn_about_what_stays(ctx: &Context, session: &Session, prior: &State) -> Result<(), Diagnostics> {
    let (workspace, content_id) = (prior.get(&WORKSPACE_ID)?, content_id(prior)?);
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).cached();
    let record = record_in(prior);
    let Ok(inventory) = Inventory::read(&hub, &content_id, record.as_ref()).await else { return Ok(()) };
    let title = diagnostics::title(&inventory.observation, &content_id);
    let subject = Subject { workspace: &workspace, content_id: &content_id, title: &title };
    let items = inventory.active_items();
    if !items.is_empty() {
        ctx.warn(diagnostics::active_items_stay(subject, &items));
    }
    let connections = connections(session, &workspace, &inventory, record.as_ref());
    if !connections.is_empty() {
        ctx.warn(diagnostics::connections_stay(subject, &connections));
    }
    Ok(())
}

/// The connections whose connector pages the destroy deletes, for messages.
fn connections(
    session: &Session,
    workspace: &WorkspaceId,
    inventory: &Inventory,
    record: Option<&InstallationRecord>,
) -> Vec<String> {
    let (connectors, pages) = (&inventory.connectors, inventory.observation.expected_pages(record));
    let has = |page: &str| pages.iter().any(|own| own.eq_ignore_ascii_case(page));
    let mut connections = Vec::new();
    let is_connected = || defender_xdr::streaming(connectors, &Part::alerts_of(DEFENDER_FOR_CLOUD)).is_some();
    // If the tenant connector depends on the solution, Terraform has planned its destroy first.
    if has(TENANT_CONNECTOR_PAGE)
        && is_connected()
        && !session.ownership().is_released(TENANT_CONNECTOR, workspace.key())
    {
        connections.push(format!("tenant-wide Defender for Cloud alerts ({TENANT_CONNECTOR})"));
    }
    if has(SUBSCRIPTION_PAGE) {
        let subscriptions = subscriptions_that_stay(session, workspace, connectors);
        connections
            .extend(subscriptions.iter().map(|id| format!("Defender for Cloud alerts of the subscription {id}")));
    }
    connections
}
