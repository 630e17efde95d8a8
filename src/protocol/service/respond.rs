//! Converts the errors and panics of a call to error diagnostics of its response.
//!
//! Terraform shows a diagnostic with its text and attribute, but a gRPC status only as "Plugin error".

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tonic::{Response, Status};

use crate::framework::{Diagnostic, Diagnostics};
use crate::protocol::codec::diagnostic;
use crate::protocol::proto::{self, *};

/// A response that can report errors instead of a result.
pub(super) trait ErrorResponse {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self;
}

/// Runs a call, and returns a response also if it fails or panics.
pub(super) async fn respond<R: ErrorResponse>(
    call: impl Future<Output = Result<R, Diagnostics>>,
) -> Result<Response<R>, Status> {
    let result = AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| Err(panicked().into()));
    Ok(Response::new(result.unwrap_or_else(error_response)))
}

pub(super) fn error_response<R: ErrorResponse>(diagnostics: impl Into<Diagnostics>) -> R {
    R::from_diagnostics(diagnostic::encode_all(diagnostics.into()))
}

/// The diagnostic of a panic. The panic hook has already logged its message and location.
fn panicked() -> Diagnostic {
    Diagnostic::bug("The provider panicked during this call.")
}

macro_rules! with_diagnostics {
    ($($call:ident)*) => {
        $(impl ErrorResponse for $call::Response {
            fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
                let mut response = Self::default();
                response.diagnostics = diagnostics;
                response
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

/// The response has one error instead of diagnostics.
impl ErrorResponse for call_function::Response {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { result: None, error: Some(FunctionError { text: details(diagnostics), function_argument: None }) }
    }
}

/// The response has a text instead of diagnostics.
impl ErrorResponse for stop_provider::Response {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { error: details(diagnostics) }
    }
}

fn details(diagnostics: Vec<proto::Diagnostic>) -> String {
    diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect::<Vec<_>>().join("\n")
}

/// An event without an identity is allowed if it has diagnostics.
impl ErrorResponse for list_resource::Event {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostic: diagnostics, ..Self::default() }
    }
}

/// Terraform crashes if the event has no type.
impl ErrorResponse for invoke_action::Event {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        let completed = invoke_action::event::Completed { diagnostics };
        Self { r#type: Some(invoke_action::event::Type::Completed(completed)) }
    }
}

/// Terraform crashes without capabilities, even if there are diagnostics.
impl ErrorResponse for configure_state_store::Response {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostics, capabilities: Some(StateStoreServerCapabilities::default()) }
    }
}

/// Terraform crashes without a range, even if there are diagnostics.
impl ErrorResponse for read_state_bytes::Response {
    fn from_diagnostics(diagnostics: Vec<proto::Diagnostic>) -> Self {
        Self { diagnostics, range: Some(StateRange::default()), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reports_a_panic_as_an_error_diagnostic() {
        let call = async { panic!("a bug in the provider") };

        let response: read_resource::Response = respond(call).await.expect("a response").into_inner();

        assert_eq!(response.diagnostics[0].summary, "Internal error of the provider");
        assert_eq!(response.diagnostics[0].severity(), proto::diagnostic::Severity::Error);
    }
}
