//! How a call is answered when it cannot be: with an error diagnostic in the place that its response has for one.
//!
//! A gRPC status would reach the user as "Plugin error"; a diagnostic is shown with its text and attribute.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tonic::{Response, Status};

use crate::framework::{Diagnostic, Diagnostics};
use crate::protocol::codec::diagnostic;
use crate::protocol::proto::{self, *};

/// A response that can say what went wrong instead of what was asked for.
pub(super) trait Answer {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self;
}

/// Carries out a call. What stops it, a panic included, becomes part of the answer.
pub(super) async fn answer<A: Answer>(
    call: impl Future<Output = Result<A, Diagnostics>>,
) -> Result<Response<A>, Status> {
    let outcome = AssertUnwindSafe(call).catch_unwind().await;
    let answer = outcome.unwrap_or_else(|_| Err(panicked().into())).unwrap_or_else(refusal);
    Ok(Response::new(answer))
}

pub(super) fn refusal<A: Answer>(diagnostics: impl Into<Diagnostics>) -> A {
    A::refusal(diagnostic::encode_all(diagnostics.into()))
}

/// The panic itself was already reported by the process, with its place.
fn panicked() -> Diagnostic {
    let detail = "The provider failed in a way that its authors did not foresee. Nothing of this call is known to have \
        happened. Please report this with the provider's log (TF_LOG_PROVIDER=debug).";
    Diagnostic::error("Internal error of the provider", detail)
}

macro_rules! with_diagnostics {
    ($($call:ident)*) => {
        $(impl Answer for $call::Response {
            fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
                let mut refusal = Self::default();
                refusal.diagnostics = diagnostics;
                refusal
            }
        })*
    };
}

with_diagnostics! {
    get_metadata get_provider_schema validate_provider_config configure_provider
    validate_resource_config upgrade_resource_state get_resource_identity_schemas upgrade_resource_identity
    read_resource plan_resource_change apply_resource_change import_resource_state move_resource_state
    generate_resource_config
    validate_data_resource_config read_data_source
    get_functions
    validate_ephemeral_resource_config open_ephemeral_resource renew_ephemeral_resource close_ephemeral_resource
    validate_list_resource_config
    validate_action_config plan_action
    validate_state_store write_state_bytes lock_state unlock_state get_states delete_state
}

/// A function has no diagnostics but one error.
impl Answer for call_function::Response {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        let text = diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect::<Vec<_>>().join("\n");
        Self { result: None, error: Some(FunctionError { text, function_argument: None }) }
    }
}

/// Stopping has no diagnostics but a text.
impl Answer for stop_provider::Response {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { error: diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect::<Vec<_>>().join("\n") }
    }
}

/// An event without an identity may only carry diagnostics, and this one does.
impl Answer for list_resource::Event {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostic: diagnostics, ..Self::default() }
    }
}

/// An event of neither kind would crash Terraform, so that it is completed is always said.
impl Answer for invoke_action::Event {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        let completed = invoke_action::event::Completed { diagnostics };
        Self { r#type: Some(invoke_action::event::Type::Completed(completed)) }
    }
}

/// Without capabilities Terraform would crash, whatever the diagnostics say.
impl Answer for configure_state_store::Response {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostics, capabilities: Some(StateStoreServerCapabilities::default()) }
    }
}

/// Without a range Terraform would crash, whatever the diagnostics say.
impl Answer for read_state_bytes::Response {
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostics, range: Some(StateRange::default()), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_diagnostic() {
        let call = async { panic!("a fault of the provider") };

        let answer: read_resource::Response = answer(call).await.expect("an answer").into_inner();

        assert_eq!(answer.diagnostics[0].summary, "Internal error of the provider");
        assert_eq!(answer.diagnostics[0].severity(), proto::diagnostic::Severity::Error);
    }
}
