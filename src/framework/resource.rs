//! The trait of resources: a schema, and a function for each operation of Terraform.

use std::future::{Future, ready};

use super::diagnostics::Diagnostics;
use super::operation::{Config, Context, Failed, ImportTarget, Plan, Read, State};
use super::schema::{Identity, Schema};

/// A resource. Functions with a body are optional.
///
/// The framework keeps the private state, the identity, computed attributes that no function sets, and the spelling of
/// semantically equal values. Every function can rely on valid types and on validated single attributes.
pub trait Resource: Send + Sync + 'static {
    /// The API client that the provider's `configure` function creates.
    type Client: Send + Sync + 'static;

    /// The type name, with the provider's name as its prefix: `sentinel_dfc_tenant_connector`.
    fn type_name(&self) -> &'static str;

    /// The schema. Called once.
    fn schema(&self) -> Schema;

    /// The attributes that identify an object. Called once.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Checks rules between attributes. The types and validators check single attributes. If they reject an attribute,
    /// the framework drops the diagnostics of this function on that attribute, including errors of [`Config::get`].
    fn validate(&self, config: &Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Checks or changes the plan that the framework has computed from the configuration and the state.
    ///
    /// Terraform calls this function again during the apply, with the values that were unknown. The result must then be
    /// the same. `client` is `None` if arguments of the provider are unknown.
    fn plan(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        plan: &mut Plan,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, plan);
        ready(Ok(()))
    }

    /// Checks a plan to destroy an object. An error rejects the plan. [`Resource::delete`] receives the private state
    /// that this function sets.
    fn plan_destroy(
        &self,
        context: &Context,
        client: Option<&Self::Client>,
        prior: &mut State,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (context, client, prior);
        ready(Ok(()))
    }

    /// Creates an object. The state starts as the planned state with the write-only attributes. Set the computed
    /// attributes.
    fn create(
        &self,
        context: &Context,
        client: &Self::Client,
        planned: State,
    ) -> impl Future<Output = Result<State, Failed>> + Send;

    /// Reads an object: updates the state to the current values.
    fn read(
        &self,
        context: &Context,
        client: &Self::Client,
        state: State,
    ) -> impl Future<Output = Result<Read, Diagnostics>> + Send;

    /// Updates an object from its prior to its planned state. By default, only the state changes.
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

    /// Deletes an object. Succeeds if the object no longer exists.
    fn delete(
        &self,
        context: &Context,
        client: &Self::Client,
        state: State,
    ) -> impl Future<Output = Result<(), Failed>> + Send;

    /// Sets the attributes that [`Resource::read`] needs to find the object, in an empty state. Terraform reads the
    /// object next.
    fn import(
        &self,
        context: &Context,
        client: &Self::Client,
        target: ImportTarget,
        stub: State,
    ) -> impl Future<Output = Result<State, Diagnostics>> + Send;

    /// The upgrades from each older version of the schema to the next. Called once.
    fn upgrades(&self) -> Vec<StateUpgrade> {
        Vec::new()
    }

    /// The resource types of other providers whose states a `moved` block can convert. Called once.
    fn moves(&self) -> Vec<StateMove> {
        Vec::new()
    }
}

/// An upgrade from one version of a schema to the next.
#[derive(Clone, Copy, Debug)]
pub struct StateUpgrade {
    /// The version before the upgrade.
    pub from: i64,
    /// Converts a saved state to the next version. Both are JSON objects of attributes.
    pub upgrade: fn(serde_json::Value) -> Result<serde_json::Value, Diagnostics>,
}

/// A conversion from the state of another resource type.
#[derive(Clone, Copy, Debug)]
pub struct StateMove {
    /// The namespace and name of the other provider, on any registry: `hashicorp/azurerm`.
    pub provider: &'static str,
    /// The other resource type: `azurerm_sentinel_data_connector_microsoft_threat_protection`.
    pub type_name: &'static str,
    /// Converts a state of the other type to one of this type, as a JSON object of attributes. Returns `None` if this
    /// type does not accept the state, for example because a generic resource manages another kind of object.
    pub convert: fn(&MoveSource) -> Result<Option<serde_json::Value>, Diagnostics>,
}

/// A state of another resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveSource {
    /// The version of its schema.
    pub schema_version: i64,
    /// The attributes, as a JSON object.
    pub state: serde_json::Value,
}
