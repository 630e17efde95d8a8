//! The provider server, without the wire format: one function for each call of the protocol.
//!
//! A call never fails. Its response contains the diagnostics, and the state of what exists.

mod applied;
mod apply;
mod configure;
mod data_source;
mod functions;
mod identity;
mod import;
mod inputs;
mod messages;
mod move_state;
mod plan;
mod read;
mod refreshed;
mod registry;
mod run;
mod schemas;
mod upgrade;
mod validate;

use std::fmt;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use self::configure::Configured;
use self::refreshed::Refreshed;
use self::registry::{Registry, ResourceEntry};
use super::diagnostics::Diagnostic;
use super::mask::Mask;
use super::operation::Context;
use super::provider::{ErasedProvider, Provider};
use super::schema::{Operation, Schema, Timeouts};
use super::value::Value;

pub use self::messages::{
    ApplyRequest, ApplyResponse, ConfigureRequest, ImportRequest, ImportResponse, MoveRequest, MoveResponse,
    PlanRequest, PlanResponse, ReadRequest, ReadResponse,
};
pub use self::schemas::{FunctionSchema, InvalidProvider, ResourceSchema, Schemas};

/// A server for the calls of Terraform. Calls run concurrently, and no call waits for another one.
pub struct Server {
    provider: Box<dyn ErasedProvider>,
    schemas: Schemas,
    registry: Registry,
    configured: RwLock<Configured>,
    refreshed: Refreshed,
    /// The cancellation token of running calls. [`Server::stop`] cancels and replaces it.
    running: Mutex<CancellationToken>,
    /// The cancellation token of all calls. It is canceled when Terraform no longer waits for responses.
    abandoned: CancellationToken,
}

impl Server {
    /// Creates a server for a provider.
    ///
    /// # Errors
    /// A schema is invalid. The error lists all problems.
    pub fn new<P: Provider>(provider: P) -> Result<Self, InvalidProvider> {
        let (schemas, registry) = registry::register(&provider)?;
        Ok(Self {
            provider: Box::new(provider),
            schemas,
            registry,
            configured: RwLock::default(),
            refreshed: Refreshed::default(),
            running: Mutex::default(),
            abandoned: CancellationToken::new(),
        })
    }

    /// Sets a token that cancels all running and later calls.
    #[must_use]
    pub fn until(self, abandoned: CancellationToken) -> Self {
        Self { running: Mutex::new(abandoned.child_token()), abandoned, ..self }
    }

    /// The schemas of the provider.
    #[must_use]
    pub const fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Cancels the running calls. Later calls are not affected.
    pub fn stop(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *running, self.abandoned.child_token()).cancel();
    }

    /// A token for a new call. It is canceled when the user interrupts the run.
    fn running(&self) -> CancellationToken {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).child_token()
    }

    /// The context of a call that starts now.
    fn context(&self, time: Duration) -> Context {
        Context::new(time, self.running())
    }

    /// The context of an operation on an object. Messages hide the object's secrets.
    fn operation(&self, schema: &Schema, operation: Operation, object: &Value) -> Context {
        Self::context_of(schema, operation, object, self.running()).masking(Mask::of(schema.specs(), &[object]))
    }

    /// The context of an operation on an object, with the timeout of its `timeouts` block or the default.
    fn context_of(schema: &Schema, operation: Operation, object: &Value, cancellation: CancellationToken) -> Context {
        let timeouts = schema.default_timeouts();
        let time = timeouts.unwrap_or(Timeouts::RESOURCE).duration(operation, object);
        Context::new(time, cancellation).with_timeout(timeouts.and_then(|timeouts| timeouts.name(operation)))
    }

    fn resource(&self, type_name: &str) -> Result<Resource<'_>, Diagnostic> {
        let known = self.registry.resources.get_key_value(type_name).zip(self.schemas.resources.get(type_name));
        let ((type_name, entry), schemas) = known.ok_or_else(|| unknown_type("resource", type_name))?;
        Ok(Resource { type_name, entry, schemas })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("provider", &self.schemas.provider_name).finish_non_exhaustive()
    }
}

/// A resource with its type name and schemas.
#[derive(Clone, Copy)]
struct Resource<'a> {
    type_name: &'static str,
    entry: &'a ResourceEntry,
    schemas: &'a ResourceSchema,
}

/// The error for a type that the provider does not have. `kind` is, for example, "resource".
#[must_use]
pub fn unknown_type(kind: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Unknown {kind}"),
        format!(
            "This version of the provider has no {kind} \"{name}\". Check the spelling and the version of the \
             provider."
        ),
    )
}

#[cfg(test)]
mod tests;
