//! The resource `sentinel_dfc_subscription_connector`: its attributes, and a file for each operation of Terraform.

mod attributes;
mod create;
mod delete;
mod diagnostics;
mod flatten;
mod identity;
mod import;
mod moves;
mod plan;
mod read;
#[cfg(test)]
mod tests;
mod update;

use crate::framework::{
    Context, Diagnostics, Failed, Identity, ImportTarget, Plan, Read, Resource, Schema, State, StateMove,
};
use crate::session::Session;

use self::attributes::{IDENTITY_SUBSCRIPTION_ID, WORKSPACE_ID};

/// The connection of a subscription's Defender for Cloud alerts to a workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubscriptionConnector;

impl Resource for SubscriptionConnector {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        identity::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        attributes::schema()
    }

    /// A workspace has one connector for each subscription. Its name changes if the portal creates it again.
    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&WORKSPACE_ID, &IDENTITY_SUBSCRIPTION_ID]))
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
        plan::plan_destroy(ctx, client, prior)
    }

    async fn create(&self, ctx: &Context, session: &Session, planned: State) -> Result<State, Failed> {
        create::create(ctx, session, planned).await
    }

    async fn read(&self, ctx: &Context, session: &Session, state: State) -> Result<Read, Diagnostics> {
        read::read(ctx, session, state).await
    }

    async fn update(&self, ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
        update::update(ctx, session, &prior, planned).await
    }

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

    fn moves(&self) -> Vec<StateMove> {
        moves::moves()
    }
}
