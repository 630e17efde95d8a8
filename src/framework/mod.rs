//! What a provider author writes against.

mod checks;
mod data_source;
mod diagnostics;
mod engine;
mod erased;
mod function;
mod operation;
mod provider;
mod resource;
mod schema;
mod server;
mod value;

pub use self::data_source::DataSource;
pub use self::diagnostics::{Diagnostic, Diagnostics, Severity};
pub use self::erased::{AnyDataSource, AnyFunction, AnyResource, data_source, function, resource};
pub use self::function::{Function, FunctionError, Parameter, Signature};
pub use self::operation::{Action, Context, Draft, Failed, ImportIdentity, ImportTarget, Plan, Private, Read, State};
pub use self::provider::Provider;
pub use self::resource::{MoveSource, Resource, StateMove, StateUpgrade};
pub use self::schema::{
    AnyAttribute, Attribute, AttributeSpec, AttributeValue, Block, BlockLimits, Custom, Identity, Invalid, Mode,
    Nested, NestedObject, Nesting, Normaliser, Object, OperationTimeout, Pattern, Replacement, Row, Rule, Schema,
    SchemaKind, Shape, Timeouts, Validator,
};
pub use self::server::{
    ApplyRequest, ApplyResponse, ConfigureRequest, ImportRequest, ImportResponse, InvalidProvider, MoveRequest,
    MoveResponse, PlanRequest, PlanResponse, ReadRequest, ReadResponse, ResourceSchema, Schemas, Server,
};
pub use self::value::{InvalidNumber, Knowable, Mismatch, Number, Path, Step, Type, Value};
