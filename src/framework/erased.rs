//! Type erasure: resources, data sources and functions as trait objects, so that the server can store them in maps.
//!
//! The client's type is erased as well. A downcast restores it. The downcast cannot fail, because the registration
//! functions accept only resources with the client type of their provider.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;

use super::data_source::DataSource;
use super::diagnostics::Diagnostics;
use super::function::{Arguments, Function, FunctionDefinition, FunctionError};
use super::operation::{Config, Context, Failed, ImportTarget, Plan, Read, State};
use super::resource::{Resource, StateMove, StateUpgrade};
use super::schema::{AttributeValue, Identity, Schema};
use super::value::{Type, Value};

/// The client of a configured provider, with its type erased.
pub(super) type Client = Arc<dyn Any + Send + Sync>;

/// Declares the type-erased version of a trait such as [`Resource`], and implements it for every implementation of the
/// original trait. An `async` function takes the client as its second argument, after the context.
macro_rules! erased {
    (
        $(#[$meta:meta])*
        trait $erased:ident: $trait:ident {
            $( fn $plain:ident(&self $(, $plain_arg:ident: $plain_type:ty)*) -> $plain_result:ty; )*
            $(
                async fn $name:ident(&self, context: &Context, client: $client:ty $(, $arg:ident: $type:ty)*)
                -> $result:ty;
            )*
        }
    ) => {
        $(#[$meta])*
        #[async_trait]
        pub(super) trait $erased: Send + Sync {
            $( fn $plain(&self $(, $plain_arg: $plain_type)*) -> $plain_result; )*
            $( async fn $name(&self, context: &Context, client: $client $(, $arg: $type)*) -> $result; )*
        }

        #[async_trait]
        impl<T: $trait> $erased for T {
            $(
                fn $plain(&self $(, $plain_arg: $plain_type)*) -> $plain_result {
                    T::$plain(self $(, $plain_arg)*)
                }
            )*
            $(
                async fn $name(&self, context: &Context, client: $client $(, $arg: $type)*) -> $result {
                    T::$name(self, context, client.concrete() $(, $arg)*).await
                }
            )*
        }
    };
}

erased! {
    /// [`Resource`] with the client's type erased.
    trait ErasedResource: Resource {
        fn type_name(&self) -> &'static str;
        fn schema(&self) -> Schema;
        fn identity(&self) -> Option<Identity>;
        fn upgrades(&self) -> Vec<StateUpgrade>;
        fn moves(&self) -> Vec<StateMove>;
        fn validate(&self, config: &Config) -> Diagnostics;
        async fn plan(&self, context: &Context, client: Option<&Client>, plan: &mut Plan) -> Result<(), Diagnostics>;
        async fn plan_destroy(&self, context: &Context, client: Option<&Client>, prior: &mut State)
        -> Result<(), Diagnostics>;
        async fn create(&self, context: &Context, client: &Client, planned: State) -> Result<State, Failed>;
        async fn read(&self, context: &Context, client: &Client, state: State) -> Result<Read, Diagnostics>;
        async fn update(&self, context: &Context, client: &Client, prior: State, planned: State)
        -> Result<State, Failed>;
        async fn delete(&self, context: &Context, client: &Client, state: State) -> Result<(), Failed>;
        async fn import(&self, context: &Context, client: &Client, target: ImportTarget, stub: State)
        -> Result<State, Diagnostics>;
    }
}

erased! {
    /// [`DataSource`] with the client's type erased.
    trait ErasedDataSource: DataSource {
        fn type_name(&self) -> &'static str;
        fn schema(&self) -> Schema;
        fn validate(&self, config: &Config) -> Diagnostics;
        async fn read(&self, context: &Context, client: &Client, config: State) -> Result<State, Diagnostics>;
    }
}

/// [`Function`] with the type of its result erased.
pub(super) trait ErasedFunction: Send + Sync {
    fn definition(&self) -> FunctionDefinition;
    fn output(&self) -> Type;
    fn call(&self, arguments: &Arguments<'_>) -> Result<Value, FunctionError>;
}

impl<F: Function> ErasedFunction for F {
    fn definition(&self) -> FunctionDefinition {
        F::definition(self)
    }

    fn output(&self) -> Type {
        F::Output::shape().value_type()
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Value, FunctionError> {
        F::call(self, arguments).map(F::Output::into_value)
    }
}

/// Restores the client's type.
trait Concrete<C> {
    fn concrete(self) -> C;
}

impl<'a, C: 'static> Concrete<&'a C> for &'a Client {
    fn concrete(self) -> &'a C {
        self.downcast_ref().expect("invariant: a resource is registered with a provider of its client's type")
    }
}

impl<'a, C: 'static> Concrete<Option<&'a C>> for Option<&'a Client> {
    fn concrete(self) -> Option<&'a C> {
        self.map(Concrete::concrete)
    }
}

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
    pub(super) function: Box<dyn ErasedFunction>,
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
        f.debug_tuple("AnyFunction").field(&self.function.definition().name).finish()
    }
}
