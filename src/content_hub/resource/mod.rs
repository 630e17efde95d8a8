//! The resource `sentinel_content_hub_solution`.
//!
//! This folder contains the attributes, and a file for each operation of Terraform. The rules and steps of an
//! installation are in `installation`.

mod attributes;
mod config;
mod create;
mod delete;
mod dependencies;
mod diagnostics;
mod earlier_deployment;
mod flatten;
mod identity;
mod import;
mod install_diagnostics;
mod install_kind;
mod install_step;
mod plan;
mod read;
mod record;
#[cfg(test)]
mod tests;
mod update;

use crate::framework::{
    Config, Context, Diagnostics, Failed, Identity, ImportTarget, Plan, Read, Resource, Schema, State,
};
use crate::session::Session;

use self::attributes::{IDENTITY_CONTENT_ID, WORKSPACE_ID};

pub use identity::is_being_installed;

/// A Content Hub solution in a workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionResource;

impl Resource for SolutionResource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        identity::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        attributes::schema()
    }

    /// A workspace contains each solution at most once, in any version.
    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&WORKSPACE_ID, &IDENTITY_CONTENT_ID]))
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        config::validate(config)
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

    async fn update(&self, ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
        update::update(ctx, session, prior, planned).await
    }

    async fn delete(&self, ctx: &Context, session: &Session, state: State) -> Result<(), Failed> {
        delete::delete(ctx, session, state).await
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
