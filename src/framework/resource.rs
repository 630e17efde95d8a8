//! What a resource is: a schema, and a plain function for each thing that Terraform does with an object.

use std::future::{Future, ready};

use super::diagnostics::Diagnostics;
use super::operation::{Config, Context, Failed, ImportTarget, Plan, Read, State};
use super::schema::{Identity, Schema};

/// A resource. Functions with a body may be left as they are.
///
/// What carries over by itself: private state, identity, computed attributes that no function sets, the spelling of
/// values that mean the same. What every function can rely on: values are of their types, single attributes are valid.
pub trait Resource: Send + Sync + 'static {
    /// What the provider makes of its configuration, for example a client of the API.
    type Client: Send + Sync + 'static;

    /// Name of the type, with the provider's name before it: `sentinel_dfc_tenant_connector`.
    fn type_name(&self) -> &'static str;

    /// The schema. Asked for once.
    fn schema(&self) -> Schema;

    /// What tells an object from all others. Asked for once.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Checks rules between attributes. Single attributes are checked by their types and validators, and told on by them:
    /// what is said here of an attribute that is wrong by itself is left out, errors of [`Config::get`] too.
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Looks at a plan that follows from configuration and state, refuses it or adds to it.
    ///
    /// Called again in apply, with what was unknown, and must then say the same. `client` is `None` where the
    /// provider's arguments are not known yet.
    fn plan(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        plan: &mut Plan,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, plan);
        ready(Ok(()))
    }

    /// Looks at a plan to destroy an object, refuses it or warns about it.
    fn plan_destroy(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        prior: &State,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, prior);
        ready(Ok(()))
    }

    /// Creates an object. The state starts as planned, with write-only attributes; what is computed is to be set.
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

    /// Deletes an object. That it is gone already is a success.
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

/// The way from one version of a schema to the next.
#[derive(Clone, Copy, Debug)]
pub struct StateUpgrade {
    /// The version that it upgrades; what it gives has the next one.
    pub from: i64,
    /// From the saved state to one of the next version, both as JSON objects of attributes.
    pub upgrade: fn(serde_json::Value) -> Result<serde_json::Value, Diagnostics>,
}

/// The way from the state of another type.
#[derive(Clone, Copy, Debug)]
pub struct StateMove {
    /// Namespace and name of the other provider, on whatever registry: `hashicorp/azurerm`.
    pub provider: &'static str,
    /// The other type: `azurerm_sentinel_data_connector_microsoft_threat_protection`.
    pub type_name: &'static str,
    /// From the state of the other type to one of this, as a JSON object of attributes. `None` if it is another type's
    /// to take over, for example a generic resource of which not every object is meant.
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
