//! Applies plans: create, update, delete, and updates that replace the object.
//!
//! The response after a failure contains the state of what exists. After a panic or a timeout, this is the last
//! checkpoint.

use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::applied::{Applied, Outcome};
use super::run::{Interruption, run};
use super::{ApplyRequest, ApplyResponse, Resource, Server, identity, inputs};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::plan;
use crate::framework::erased::Client;
use crate::framework::mask::Mask;
use crate::framework::operation::{Context, Failed, Private, State};
use crate::framework::schema::Operation;
use crate::framework::value::Value;

impl Server {
    /// Applies a plan. The new state describes what exists, also after an error.
    pub async fn apply_resource_change(&self, mut request: ApplyRequest) -> ApplyResponse {
        let mut private = Private::decode(&request.planned_private);
        let replaced = private.take_replacing();
        request.planned_private = private.encode();
        let ready = self.resource(&request.type_name).and_then(|resource| Ok((resource, self.client()?)));
        let (resource, client) = match ready {
            Ok(ready) => ready,
            Err(diagnostic) => {
                if let Some(private) = replaced {
                    (request.planned_private, request.planned_identity) = (private.encode(), None);
                }
                return Applied::unchanged(request, diagnostic.into());
            }
        };
        if let Some(path) = inputs::unknown(resource.schemas.schema.specs(), &request) {
            if let Some(private) = replaced {
                (request.planned_private, request.planned_identity) = (private.encode(), None);
            }
            return Applied::unchanged(request, inputs::not_known(path).into());
        }
        let running = self.running();
        match replaced {
            Some(private) => self.replace(resource, &client, &running, request, &private).await,
            None => {
                let change = Change::of(&request);
                let (outcome, diagnostics) = self.attempt(resource, &client, &running, &request, change).await;
                Applied { resource, change, request, diagnostics }.response(outcome)
            }
        }
    }

    /// Deletes the object and creates a new one, like Terraform in a replacement.
    async fn replace(
        &self,
        resource: Resource<'_>,
        client: &Client,
        running: &CancellationToken,
        create: ApplyRequest,
        private: &Private,
    ) -> ApplyResponse {
        let identity = resource.schemas.identity.as_ref();
        let delete = ApplyRequest {
            planned_state: Value::Null,
            config: Value::Null,
            planned_private: private.encode(),
            planned_identity: identity.and_then(|specs| identity::of_state(specs, &create.prior_state)),
            ..create.clone()
        };
        let (outcome, mut diagnostics) = self.attempt(resource, client, running, &delete, Change::Delete).await;
        if matches!(outcome, Outcome::Failed(_)) {
            return Applied { resource, change: Change::Delete, request: delete, diagnostics }.response(outcome);
        }
        let (outcome, of_create) = if running.is_cancelled() {
            let stopped = interrupted(&Interruption::Stopped, Change::Create, resource.type_name, false);
            (Outcome::Failed(None), stopped.into())
        } else {
            self.attempt(resource, client, running, &create, Change::Create).await
        };
        diagnostics.extend(of_create);
        match outcome {
            Outcome::Failed(None) => {
                diagnostics.push(replacement_failed(resource.type_name));
                Applied::unchanged(delete, diagnostics)
            }
            Outcome::Failed(Some(mut state)) => {
                // For Terraform, this is a failed update, and it does not mark the new object as tainted.
                state.mark_incomplete();
                Applied { resource, change: Change::Create, request: create, diagnostics }
                    .response(Outcome::Failed(Some(state)))
            }
            done => Applied { resource, change: Change::Create, request: create, diagnostics }.response(done),
        }
    }

    /// Calls the resource's function for a change, with its deadline and cancellation.
    async fn attempt(
        &self,
        resource: Resource<'_>,
        client: &Client,
        running: &CancellationToken,
        request: &ApplyRequest,
        change: Change,
    ) -> (Outcome, Diagnostics) {
        let schema = &resource.schemas.schema;
        let mask = Mask::of(schema.specs(), &[&request.config, &request.prior_state, &request.planned_state]);
        let token = running.child_token();
        let context =
            Self::context_of(schema, change.operation(), change.timeouts_object(request), token).masking(mask);
        let span = tracing::info_span!("apply", tf_resource_type = request.type_name, tf_change = change.activity());
        let call = change.call_resource(resource, &context, client, request);
        let outcome = run(&context, call.instrument(span)).await;

        let mut diagnostics = context.warnings();
        let checkpoint = context.last_checkpoint();
        let outcome = match outcome {
            Ok(Ok(state)) => Outcome::Done(state),
            Ok(Err(failed)) => {
                // Ignore the last checkpoint. The error is newer: the service may have rejected the first write.
                let (remaining, errors) = failed.into_parts();
                diagnostics.extend(with_error(context.at_timeouts(errors), change, &request.type_name));
                Outcome::Failed(remaining)
            }
            Err(interruption) => {
                diagnostics.push(interrupted(&interruption, change, &request.type_name, checkpoint.is_some()));
                Outcome::Failed(checkpoint)
            }
        };
        (outcome, diagnostics)
    }
}

/// The change that an apply makes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Change {
    Create,
    Update,
    Delete,
}

impl Change {
    fn of(request: &ApplyRequest) -> Self {
        if request.planned_state.is_null() {
            Self::Delete
        } else if request.prior_state.is_null() {
            Self::Create
        } else {
            Self::Update
        }
    }

    const fn operation(self) -> Operation {
        match self {
            Self::Create => Operation::Create,
            Self::Update => Operation::Update,
            Self::Delete => Operation::Delete,
        }
    }

    const fn activity(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Update => "updating",
            Self::Delete => "deleting",
        }
    }

    /// The object whose `timeouts` block applies.
    const fn timeouts_object(self, request: &ApplyRequest) -> &Value {
        match self {
            Self::Create | Self::Update => &request.planned_state,
            Self::Delete => &request.prior_state,
        }
    }

    /// Calls the resource's function. Returns no state after a successful delete.
    async fn call_resource(
        self,
        resource: Resource<'_>,
        context: &Context,
        client: &Client,
        request: &ApplyRequest,
    ) -> Result<Option<State>, Failed> {
        let implementation = &resource.entry.resource;
        let private = Private::decode(&request.planned_private);
        let prior = || State::of(request.prior_state.clone(), private.clone());
        let planned = || {
            let planned =
                plan::with_write_only(&resource.schemas.schema, &request.config, request.planned_state.clone());
            State::of(planned, private.clone())
        };
        match self {
            Self::Create => implementation.create(context, client, planned()).await.map(Some),
            // A change of `timeouts` alone is saved in the state and calls no API.
            Self::Update if !plan::changes(&request.prior_state, &request.planned_state) => {
                Ok(Some(State::of(request.planned_state.clone(), private)))
            }
            Self::Update => implementation.update(context, client, prior(), planned()).await.map(Some),
            Self::Delete => implementation.delete(context, client, prior()).await.map(|()| None),
        }
    }
}

/// Adds an error if there is none, because Terraform would treat the response as a success.
fn with_error(mut diagnostics: Diagnostics, change: Change, type_name: &str) -> Diagnostics {
    if !diagnostics.has_errors() {
        let detail =
            format!("An error occurred while {} {type_name}, but the provider did not report it.", change.activity());
        diagnostics.push(Diagnostic::bug(&detail));
    }
    diagnostics
}

fn interrupted(interruption: &Interruption, change: Change, type_name: &str, has_checkpoint: bool) -> Diagnostic {
    let consequence = match (change, has_checkpoint) {
        (Change::Create, true) => {
            "Everything created so far is in the state, marked as tainted. The next apply replaces it."
        }
        (Change::Create, false) => "The object is not in the state. If it was created anyway, import it.",
        (Change::Update, true) => "Everything changed so far is in the state.",
        (Change::Update, false) => "The state has not changed. The next refresh reads the changes.",
        (Change::Delete, _) => "The object is still in the state. The next refresh reads whether it still exists.",
    };
    interruption.diagnostic(&format!("{} {type_name}", change.activity()), consequence)
}

fn replacement_failed(type_name: &str) -> Diagnostic {
    Diagnostic::warning(
        "The replacement failed after the old object was deleted",
        format!(
            "This update replaces the object. It deleted the {type_name} that the state still shows, but could not create \
             the new one. Fix the error and apply again. The next plan creates the object."
        ),
    )
}
