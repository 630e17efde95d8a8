//! The provider framework: schemas, plans, states and the rules of Terraform.
//!
//! The author of a resource declares its attributes and implements a few plain functions. The framework enforces
//! Terraform's rules. This module depends on neither the protocol nor Azure.
//!
//! # A resource
//!
//! ```
//! use terraform_provider_sentinel::framework::*;
//!
//! // One constant for each attribute. Its name appears only here.
//! const NAME: Attribute<String> = Attribute::required("name")
//!     .description("Name of the note.")
//!     .requires_replace()
//!     .validate(&[Validator::NonEmpty]);
//! const TEXT: Attribute<Option<String>> = Attribute::optional("text").description("What it says.");
//! const ID: Attribute<Option<String>> =
//!     Attribute::computed("id").description("Id of the note.").use_state_for_unknown();
//!
//! struct Note;
//! # struct Api;
//! # impl Api {
//! #     async fn put(&self, name: &str, _: Option<&str>) -> Result<String, Diagnostic> { Ok(format!("/notes/{name}")) }
//! #     async fn get(&self, _: &str) -> Result<Option<String>, Diagnostic> { Ok(None) }
//! #     async fn remove(&self, _: &str) -> Result<(), Diagnostic> { Ok(()) }
//! # }
//!
//! impl Resource for Note {
//!     type Client = Api;
//!
//!     fn type_name(&self) -> &'static str {
//!         "example_note"
//!     }
//!
//!     fn schema(&self) -> Schema {
//!         Schema::new("A note.").attribute(&NAME).attribute(&TEXT).attribute(&ID).timeouts(Timeouts::RESOURCE)
//!     }
//!
//!     fn identity(&self) -> Option<Identity> {
//!         Some(Identity::of(0, &[&NAME]))
//!     }
//!
//!     async fn create(&self, _: &Context, api: &Api, mut note: State) -> Result<State, Failed> {
//!         let name = note.get(&NAME).map_err(Failed::nothing_changed)?;
//!         let text = note.get(&TEXT).map_err(Failed::nothing_changed)?;
//!         // An error must state what exists. Here, nothing was created.
//!         let id = api.put(&name, text.as_deref()).await.map_err(Failed::nothing_changed)?;
//!         note.set(&ID, Some(id));
//!         Ok(note)
//!     }
//!
//!     async fn read(&self, _: &Context, api: &Api, mut note: State) -> Result<Read, Diagnostics> {
//!         match api.get(&note.get(&NAME)?).await? {
//!             Some(text) => {
//!                 note.set(&TEXT, Some(text));
//!                 Ok(Read::Found(note))
//!             }
//!             None => Ok(Read::Gone),
//!         }
//!     }
//!
//!     async fn delete(&self, _: &Context, api: &Api, note: State) -> Result<(), Failed> {
//!         let name = note.get(&NAME).map_err(Failed::nothing_changed)?;
//!         api.remove(&name).await.map_err(Failed::nothing_changed)
//!     }
//!
//!     async fn import(&self, _: &Context, _: &Api, target: ImportTarget, stub: State) -> Result<State, Diagnostics> {
//!         match target {
//!             ImportTarget::Id(name) => Ok(stub.with(&NAME, name)),
//!             ImportTarget::Identity(identity) => Ok(stub.with(&NAME, identity.get(&NAME)?)),
//!         }
//!     }
//! }
//!
//! assert!(Note.schema().problems(SchemaKind::Resource).is_empty());
//! ```
//!
//! # Mistakes that the framework prevents
//!
//! | mistake | what prevents it |
//! |---|---|
//! | an unknown value is used as a value | reading a [`Config`] returns [`Knowable`]; a [`State`] has no unknown values |
//! | null is used as a value | an attribute of type `T` is never null, one of type `Option<T>` may be null |
//! | a failed create loses the object | [`Failed`] states what exists, and cannot be created from diagnostics alone |
//! | a panic or a timeout loses the object | the framework saves the last [`Context::checkpoint`] |
//! | identity, private state or spelling is lost | the framework keeps them unless the resource changes them |
//! | "Provider produced invalid plan", "… inconsistent result" | [`Server`] checks plans and results as Terraform does, and names the attribute |
//! | a schema that Terraform rejects | [`Server::new`] rejects it first; see [`Schema::problems`] |
//!
//! # Modules
//!
//! - `value/`: [`Value`], [`Type`], [`Number`], [`Path`], [`Knowable`].
//! - `schema/`: attributes and blocks ([`Attribute`], [`Block`]), the Rust types of their values ([`AttributeValue`],
//!   [`NestedObject`]), rules ([`Validator`], [`Rule`]), [`Identity`], [`Timeouts`].
//! - `operation/`: the inputs and results of a resource's functions.
//! - `resource`, `data_source`, `function`, `provider`: the traits. List resources, actions and ephemeral resources
//!   would be added there.
//! - `engine/`: computes plans and states, as pure functions of a schema and values.
//! - `checks/`: Terraform's checks of plans and results.
//! - `server/`: one function for each call of the protocol. It runs the functions of resources with a deadline.
//! - `mask`: hides secrets in messages. `erased`: type erasure. `diagnostics`: errors and warnings.

mod checks;
mod data_source;
mod diagnostics;
mod engine;
mod erased;
mod function;
mod mask;
mod operation;
mod provider;
mod resource;
mod schema;
mod server;
#[cfg(test)]
pub(crate) mod testing;
mod value;

pub use self::data_source::DataSource;
pub use self::diagnostics::{Diagnostic, Diagnostics, Severity};
pub use self::erased::{AnyDataSource, AnyFunction, AnyResource, data_source, function, resource};
pub use self::function::{Arguments, Function, FunctionDefinition, FunctionError, Parameter, ParameterSpec};
pub use self::operation::{
    Config, Context, Failed, ImportIdentity, ImportTarget, Plan, PlannedAction, Private, Read, State,
};
pub use self::provider::Provider;
pub use self::resource::{MoveSource, Resource, StateMove, StateUpgrade};
pub use self::schema::{
    AnyAttribute, AnyAttributePath, Attribute, AttributePath, AttributeSpec, AttributeValue, Block, BlockLimits,
    CanonicalForm, Custom, Identity, Invalid, Mode, Nested, NestedAttribute, NestedObject, Nesting, Object,
    OperationTimeout, Pattern, Replacement, RootAttribute, Rule, Schema, SchemaKind, Shape, SingleObject, Timeouts,
    UseState, Validator,
};
pub use self::server::{
    ApplyRequest, ApplyResponse, ConfigureRequest, FunctionSchema, ImportRequest, ImportResponse, InvalidProvider,
    MoveRequest, MoveResponse, PlanRequest, PlanResponse, ReadRequest, ReadResponse, ResourceSchema, Schemas, Server,
    unknown_type,
};
pub use crate::nested_object;

pub use self::value::{InvalidNumber, Knowable, Mismatch, Number, Path, PathStep, Type, Value, composed};
