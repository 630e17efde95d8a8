//! Plans to destroy a solution: warns about the active items that will stay.

use crate::content_hub::installation::inventory::Inventory;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostics, State};
use crate::session::{self, Session};

use crate::content_hub::resource::attributes::WORKSPACE_ID;
use crate::content_hub::resource::delete::warn_about_active_items;
use crate::content_hub::resource::identity::{content_id, solution_in};
use crate::content_hub::resource::record::record_in;

pub(in crate::content_hub::resource) async fn plan_destroy(
    ctx: &Context,
    client: Option<&Session>,
    prior: &State,
) -> Result<(), Diagnostics> {
    let Some(session) = client else { return Ok(()) };
    session.ownership().plan_destroy(ctx, &solution_in(prior)?, prior)?;
    let (workspace, content_id) = (prior.get(&WORKSPACE_ID)?, content_id(prior)?);
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).recent();
    // If a request fails, there is no warning. The destroy itself reports the error.
    if let Ok(inventory) = Inventory::read(&hub, &content_id, record_in(prior).as_ref()).await {
        warn_about_active_items(ctx, &inventory, &content_id);
    }
    Ok(())
}
