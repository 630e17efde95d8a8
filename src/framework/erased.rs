//! Resources, data sources, functions and the provider behind one type each, so that a server can hold them in tables.
//!
//! The client's type is erased too. It comes back by a downcast that cannot fail: the registration functions tie every
//! resource to the client of the provider it is registered with.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::data_source::DataSource;
use super::diagnostics::Diagnostics;
use super::function::Function;
use super::operation::{Config, Context, Failed, ImportTarget, Plan, Read, State};
use super::provider::Provider;
use super::resource::{Resource, StateMove, StateUpgrade};
use super::schema::{Identity, Schema};
use super::value::Knowable;

/// A configured provider's client, whatever its type.
pub(super) type Client = Arc<dyn Any + Send + Sync>;

/// A resource of a provider with clients of type `C`.
pub struct AnyResource<C> {
    pub(super) resource: Box<dyn ErasedResource>,
    client: PhantomData<fn(C)>,
}

/// A data source of a provider with clients of type `C`.
pub struct AnyDataSource<C> {
    pub(super) data_source: Box<dyn ErasedDataSource>,
    client: PhantomData<fn(C)>,
}

/// A function of a provider.
pub struct AnyFunction {
    pub(super) function: Box<dyn Function>,
}

/// Registers a resource.
pub fn resource<R: Resource>(resource: R) -> AnyResource<R::Client> {
    AnyResource { resource: Box::new(resource), client: PhantomData }
}

/// Registers a data source.
pub fn data_source<D: DataSource>(data_source: D) -> AnyDataSource<D::Client> {
    AnyDataSource { data_source: Box::new(data_source), client: PhantomData }
}

/// Registers a function.
pub fn function<F: Function>(function: F) -> AnyFunction {
    AnyFunction { function: Box::new(function) }
}

impl<C> fmt::Debug for AnyResource<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyResource").field(&self.resource.type_name()).finish()
    }
}

impl<C> fmt::Debug for AnyDataSource<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyDataSource").field(&self.data_source.type_name()).finish()
    }
}

impl fmt::Debug for AnyFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyFunction").field(&self.function.signature().name).finish()
    }
}

/// [`Resource`] without its client's type.
pub(super) trait ErasedResource: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn schema(&self) -> Schema;
    fn identity(&self) -> Option<Identity>;
    fn upgrades(&self) -> Vec<StateUpgrade>;
    fn moves(&self) -> Vec<StateMove>;
    fn validate(&self, config: &Config) -> Diagnostics;
    fn plan<'a>(
        &'a self,
        context: &'a Context,
        client: Option<&'a Client>,
        plan: &'a mut Plan,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn plan_destroy<'a>(
        &'a self,
        context: &'a Context,
        client: Option<&'a Client>,
        prior: &'a State,
    ) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn create<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        planned: State,
    ) -> BoxFuture<'a, Result<State, Failed>>;
    fn read<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        state: State,
    ) -> BoxFuture<'a, Result<Read, Diagnostics>>;
    fn update<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        prior: State,
        planned: State,
    ) -> BoxFuture<'a, Result<State, Failed>>;
    fn delete<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        state: State,
    ) -> BoxFuture<'a, Result<(), Failed>>;
    fn import<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        target: ImportTarget,
        stub: State,
    ) -> BoxFuture<'a, Result<State, Diagnostics>>;
}

impl<R: Resource> ErasedResource for R {
    fn type_name(&self) -> &'static str {
        R::type_name(self)
    }

    fn schema(&self) -> Schema {
        R::schema(self)
    }

    fn identity(&self) -> Option<Identity> {
        R::identity(self)
    }

    fn upgrades(&self) -> Vec<StateUpgrade> {
        R::upgrades(self)
    }

    fn moves(&self) -> Vec<StateMove> {
        R::moves(self)
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        R::validate(self, config)
    }

    fn plan<'a>(
        &'a self,
        context: &'a Context,
        client: Option<&'a Client>,
        plan: &'a mut Plan,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        R::plan(self, context, client.map(concrete), plan).boxed()
    }

    fn plan_destroy<'a>(
        &'a self,
        context: &'a Context,
        client: Option<&'a Client>,
        prior: &'a State,
    ) -> BoxFuture<'a, Result<(), Diagnostics>> {
        R::plan_destroy(self, context, client.map(concrete), prior).boxed()
    }

    fn create<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        planned: State,
    ) -> BoxFuture<'a, Result<State, Failed>> {
        R::create(self, context, concrete(client), planned).boxed()
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        state: State,
    ) -> BoxFuture<'a, Result<Read, Diagnostics>> {
        R::read(self, context, concrete(client), state).boxed()
    }

    fn update<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        prior: State,
        planned: State,
    ) -> BoxFuture<'a, Result<State, Failed>> {
        R::update(self, context, concrete(client), prior, planned).boxed()
    }

    fn delete<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        state: State,
    ) -> BoxFuture<'a, Result<(), Failed>> {
        R::delete(self, context, concrete(client), state).boxed()
    }

    fn import<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        target: ImportTarget,
        stub: State,
    ) -> BoxFuture<'a, Result<State, Diagnostics>> {
        R::import(self, context, concrete(client), target, stub).boxed()
    }
}

/// [`DataSource`] without its client's type.
pub(super) trait ErasedDataSource: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Config) -> Diagnostics;
    fn read<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        config: State,
    ) -> BoxFuture<'a, Result<State, Diagnostics>>;
}

impl<D: DataSource> ErasedDataSource for D {
    fn type_name(&self) -> &'static str {
        D::type_name(self)
    }

    fn schema(&self) -> Schema {
        D::schema(self)
    }

    fn validate(&self, config: &Config) -> Diagnostics {
        D::validate(self, config)
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        client: &'a Client,
        config: State,
    ) -> BoxFuture<'a, Result<State, Diagnostics>> {
        D::read(self, context, concrete(client), config).boxed()
    }
}

/// The part of [`Provider`] that is needed after start, without its client's type.
pub(super) trait ErasedProvider: Send + Sync {
    fn validate(&self, config: &Config) -> Diagnostics;
    fn configure<'a>(
        &'a self,
        context: &'a Context,
        config: Config,
        terraform_version: &'a str,
    ) -> BoxFuture<'a, Result<Knowable<Client>, Diagnostics>>;
}

impl<P: Provider> ErasedProvider for P {
    fn validate(&self, config: &Config) -> Diagnostics {
        P::validate(self, config)
    }

    fn configure<'a>(
        &'a self,
        context: &'a Context,
        config: Config,
        terraform_version: &'a str,
    ) -> BoxFuture<'a, Result<Knowable<Client>, Diagnostics>> {
        let configured = P::configure(self, context, config, terraform_version);
        configured.map(|client| Ok(client?.map(|client| Arc::new(client) as Client))).boxed()
    }
}

fn concrete<C: 'static>(client: &Client) -> &C {
    client.downcast_ref().expect("invariant: a resource is registered with a provider of its client's type")
}
