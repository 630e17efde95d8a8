//! The response to an apply. Its state always describes what exists.

use super::apply::Change;
use super::{ApplyRequest, ApplyResponse, Resource, identity};
use crate::framework::checks;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine::result;
use crate::framework::operation::State;
use crate::framework::value::Value;

/// The outcome of a change, with the state of what exists.
pub(super) enum Outcome {
    /// The change succeeded. `None` after a delete.
    Done(Option<State>),
    /// The change failed. `None` if nothing was changed.
    Failed(Option<State>),
}

/// A change with its request and diagnostics, which determine the response.
pub(super) struct Applied<'a> {
    pub(super) resource: Resource<'a>,
    pub(super) change: Change,
    pub(super) request: ApplyRequest,
    pub(super) diagnostics: Diagnostics,
}

impl Applied<'_> {
    /// The response if nothing was changed.
    pub(super) fn unchanged(request: ApplyRequest, diagnostics: Diagnostics) -> ApplyResponse {
        ApplyResponse {
            new_state: request.prior_state,
            private: request.planned_private,
            identity: request.planned_identity.filter(Value::is_wholly_known),
            diagnostics,
        }
    }

    /// The response for an outcome.
    pub(super) fn response(self, outcome: Outcome) -> ApplyResponse {
        match outcome {
            Outcome::Done(None) => ApplyResponse {
                new_state: Value::Null,
                private: Vec::new(),
                identity: self.request.planned_identity,
                diagnostics: self.diagnostics,
            },
            Outcome::Done(Some(state)) => self.with_state(state, true),
            Outcome::Failed(Some(state)) => self.with_state(state, false),
            Outcome::Failed(None) => Self::unchanged(self.request, self.diagnostics),
        }
    }

    fn with_state(mut self, state: State, is_done: bool) -> ApplyResponse {
        let schema = &self.resource.schemas.schema;
        // The planned state of a delete is null, so the state after a failed delete is compared with the prior state.
        let reference =
            if self.change == Change::Delete { &self.request.prior_state } else { &self.request.planned_state };
        let (state, private) = state.into_parts();
        let result::SanitizedState { state, invalid, unset } = result::sanitize_state(schema, reference, state);
        let is_valid = invalid.is_empty() && unset.is_empty();
        self.diagnostics.extend(invalid);
        if is_done {
            self.diagnostics.extend(unset);
        }
        if is_done && is_valid {
            let violations = checks::result_matches_plan(schema.specs(), reference, &state);
            self.diagnostics.extend(checks::to_diagnostics(violations, "The result of the apply"));
        }
        let identity = self.identity(&state, is_done);
        ApplyResponse { new_state: state, private: private.encode(), identity, diagnostics: self.diagnostics }
    }

    /// The identity of the object: the planned identity, if it is known and matches the state.
    fn identity(&mut self, state: &Value, is_done: bool) -> Option<Value> {
        let specs = self.resource.schemas.identity.as_ref()?;
        let planned = self.request.planned_identity.take();
        let derived = identity::of_state(specs, state);
        match (planned.filter(Value::is_wholly_known), derived) {
            (Some(planned), Some(derived)) if specs.is_same(&planned, &derived) => Some(planned),
            (Some(planned), Some(derived)) => {
                if is_done {
                    self.diagnostics.push(identity::changed(specs, &derived));
                }
                // The identity of a new object comes from its state. An existing object keeps its identity.
                Some(if self.change == Change::Create { derived } else { planned })
            }
            (None, Some(derived)) => Some(derived),
            (planned, None) => {
                if is_done {
                    self.diagnostics.push(identity::unset(specs));
                }
                planned
            }
        }
    }
}
