//! The resource `sentinel_dfc_tenant_connector`: its attributes, and a file for each operation of Terraform.

mod attributes;
mod contract_override;
#[cfg(test)]
mod contract_tests;
mod create;
mod delete;
mod diagnostics;
mod flatten;
mod identity;
mod import;
mod plan;
mod read;
#[cfg(test)]
mod tests;

use crate::framework::{Context, Diagnostics, Failed, Identity, ImportTarget, Plan, Read, Resource, Schema, State};
use crate::session::Session;

use self::attributes::WORKSPACE_ID;

/// The connection of tenant-wide Defender for Cloud alerts to a workspace.
#[derive(Debug)]
pub struct TenantConnector;

impl Resource for TenantConnector {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        identity::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        attributes::schema()
    }

    /// The workspace identifies its only connector. The connector's name changes if the portal creates it again.
    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&WORKSPACE_ID]))
    }

    async fn plan(&self, ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
        plan::plan(ctx, client, plan).await
    }

    async fn plan_destroy(
        &self,
        ctx: &Context,
        client: Option<&Session>,
        prior: &mut State,
    ) -> Result<(), Diagnostics> {
        plan::plan_destroy(ctx, client, prior).await
    }

    async fn create(&self, ctx: &Context, session: &Session, planned: State) -> Result<State, Failed> {
        create::create(ctx, session, planned).await
    }

    async fn read(&self, ctx: &Context, session: &Session, state: State) -> Result<Read, Diagnostics> {
        read::read(ctx, session, state).await
    }

    // The framework's default update is correct: it writes nothing. Azure does not store the attributes that change in
    // place, such as `adopt_existing`, `timeouts`, and an equal contract in another spelling.

    async fn delete(&self, ctx: &Context, session: &Session, state: State) -> Result<(), Failed> {
        delete::delete(ctx, session, &state).await
    }

    async fn import(
        &self,
        ctx: &Context,
        session: &Session,
        target: ImportTarget,
        stub: State,
    ) -> Result<State, Diagnostics> {
        import::import(ctx, session, target, stub).await
    }
}
