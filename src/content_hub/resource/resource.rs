//! `sentinel_content_hub_solution`, as Terraform sees it.

use crate::framework::{
    Config, Context, Diagnostics, Failed, Identity, ImportTarget, Plan, Read, Resource, Schema, State,
};
use crate::session::Session;

use super::attributes::{self, IDENTITY_CONTENT_ID, WORKSPACE_ID};
use super::identity::TYPE_NAME;
use super::{config, create, delete, import, plan, read, update};

/// A solution of the Content Hub in a workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionResource;

impl Resource for SolutionResource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        attributes::schema()
    }

    /// A workspace has a solution once, whatever its version.
    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&WORKSPACE_ID, &IDENTITY_CONTENT_ID]))
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        config::contradictions(config)
    }

    async fn plan(&self, ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
        plan::plan(ctx, client, plan).await
    }

    async fn plan_destroy(&self, ctx: &Context, client: Option<&Session>, prior: &State) -> Result<(), Diagnostics> {
        delete::plan(ctx, client, prior).await
    }

    async fn create(&self, ctx: &Context, session: &Session, planned: State) -> Result<State, Failed> {
        create::create(ctx, session, planned).await
    }

    async fn read(&self, ctx: &Context, session: &Session, state: State) -> Result<Read, Diagnostics> {
        read::read(ctx, session, state).await
    }

    async fn update(&self, ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
        update::update(ctx, session, prior, planned).await
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
}
