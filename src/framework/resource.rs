//! The trait of resources: a schema, and a function for each thing that Terraform does with an object.

use std::future::{Future, ready};

use super::diagnostics::Diagnostics;
use super::operation::{Config, Context, Failed, ImportTarget, Plan, Read, State};
use super::schema::{Identity, Schema};

/// A resource. Functions with a body are optional.
///
/// The framework keeps private state, identity, computed attributes that no function sets, and the spelling of
/// semantically equal values. Every function can rely on valid types and valid single attributes.
pub trait Resource: Send + Sync + 'static {
    /// What the provider's configuration creates, for example a client of the API.
    type Client: Send + Sync + 'static;

    /// Name of the type, with the provider's name before it: `sentinel_dfc_tenant_connector`.
    fn type_name(&self) -> &'static str;

    /// The schema. Asked for once.
    fn schema(&self) -> Schema;

    /// The attributes that identify an object. Called once.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Checks rules between attributes. The types and validators check single attributes. If an attribute is invalid by
    /// itself, diagnostics from here about it are dropped, including errors of [`Config::get`].
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Checks or changes the plan that follows from configuration and state.
    ///
    /// Called again in apply, with the values that were unknown. It must then give the same answer. `client` is `None`
    /// if the provider's arguments are unknown.
    fn plan(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        plan: &mut Plan,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, plan);
        ready(Ok(()))
    }

    /// Checks a plan to destroy an object: an error rejects it. What it sets in the private state reaches
    /// [`Resource::delete`].
    fn plan_destroy(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        prior: &mut State,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, prior);
        ready(Ok(()))
    }

    /// Creates an object. The state starts as the plan, with write-only attributes. Set the computed attributes.
    fn create(
        &self,
        context: &Context,
        client: &Self::Client,
        planned: State,
    ) -> impl Future<Output = Result<State, Failed>> + Send;

    /// Reads an object: sets in the state what is true now.
    fn read(
        &self,
        context: &Context,
        client: &Self::Client,
        state: State,
    ) -> impl Future<Output = Result<Read, Diagnostics>> + Send;

    /// Changes an object from its prior to its planned state. By default there is nothing to do outside of the state.
    fn update(
        &self,
        context: &Context,
        client: &Self::Client,
        prior: State,
        planned: State,
    ) -> impl Future<Output = Result<State, Failed>> + Send {
        let _ = (context, client, prior);
        ready(Ok(planned))
    }

    /// Deletes an object. If it does not exist any more, that is a success.
    fn delete(
        &self,
        context: &Context,
        client: &Self::Client,
        state: State,
    ) -> impl Future<Output = Result<(), Failed>> + Send;

    /// Sets in an empty state what [`Resource::read`], which follows, needs to find the object.
    fn import(
        &self,
        context: &Context,
        client: &Self::Client,
        target: ImportTarget,
        stub: State,
    ) -> impl Future<Output = Result<State, Diagnostics>> + Send;

    /// Upgrades from each older version of the schema to the next. Asked for once.
    fn upgrades(&self) -> Vec<StateUpgrade> {
        Vec::new()
    }

    /// Types of other providers whose states can be taken over with a `moved` block. Asked for once.
    fn moves(&self) -> Vec<StateMove> {
        Vec::new()
    }
}

/// An upgrade from one version of a schema to the next.
#[derive(Clone, Copy, Debug)]
pub struct StateUpgrade {
    /// The version that it upgrades to the next one.
    pub from: i64,
    /// From the saved state to one of the next version, both as JSON objects of attributes.
    pub upgrade: fn(serde_json::Value) -> Result<serde_json::Value, Diagnostics>,
}

/// A conversion from the state of another type.
#[derive(Clone, Copy, Debug)]
pub struct StateMove {
    /// Namespace and name of the other provider, on any registry: `hashicorp/azurerm`.
    pub provider: &'static str,
    /// The other type: `azurerm_sentinel_data_connector_microsoft_threat_protection`.
    pub type_name: &'static str,
    /// From the state of the other type to one of this, as a JSON object of attributes. `None` if this
    /// type does not accept it, for example because a generic resource manages another kind of object.
    pub convert: fn(&MoveSource) -> Result<Option<serde_json::Value>, Diagnostics>,
}

/// A state of another type.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveSource {
    /// Version of its schema.
    pub schema_version: i64,
    /// Its attributes, as a JSON object.
    pub state: serde_json::Value,
}
