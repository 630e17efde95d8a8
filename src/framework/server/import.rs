//! Imports existing objects.

use tracing::Instrument;

use super::run::run;
use super::{ImportRequest, ImportResponse, Resource, Server, identity};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::{plan, result};
use crate::framework::operation::{ImportIdentity, ImportTarget, Private, State};
use crate::framework::schema::Operation;
use crate::framework::value::Value;

impl Server {
    /// Imports an object by its ID or its identity. The following read checks whether the object exists.
    pub async fn import_resource_state(&self, request: ImportRequest) -> ImportResponse {
        let mut diagnostics = Diagnostics::new();
        let outcome = match self.resource(&request.type_name) {
            Ok(resource) => self.import(resource, request, &mut diagnostics).await,
            Err(unknown) => Err(unknown.into()),
        };
        match outcome {
            Ok(response) => ImportResponse { diagnostics, ..response },
            Err(errors) => {
                diagnostics.extend(errors);
                ImportResponse { state: None, private: Vec::new(), identity: None, diagnostics }
            }
        }
    }

    async fn import(
        &self,
        resource: Resource<'_>,
        request: ImportRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<ImportResponse, Diagnostics> {
        let schema = &resource.schemas.schema;
        let target = match request.identity {
            Some(identity) if !identity.is_null() => ImportTarget::Identity(ImportIdentity(identity)),
            _ if !request.id.is_empty() => ImportTarget::Id(request.id),
            _ => {
                let detail = format!("To import `{}`, set the ID of the object or its identity.", request.type_name);
                return Err(Diagnostic::error("Missing import ID", detail).into());
            }
        };
        let by_identity = match &target {
            ImportTarget::Identity(identity) => Some(identity.0.clone()),
            ImportTarget::Id(_) => None,
        };
        let client = self.client()?;
        let stub = plan::with_defaults(schema, &schema.empty_object());
        let context = self.operation(schema, Operation::Read, &Value::Null);

        let span = tracing::info_span!("import", tf_resource_type = request.type_name);
        let call = async {
            resource.entry.resource.import(&context, &client, target, State::of(stub.clone(), Private::default())).await
        };
        let outcome = run(&context, call.instrument(span)).await;
        diagnostics.extend(context.warnings());
        let state = outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("importing {}", request.type_name), "Nothing was imported.")
        })?;
        let state = state.map_err(|errors| context.at_timeouts(errors))?;

        let (state, mut private) = state.into_parts();
        private.mark_imported();
        let result::SanitizedState { state, invalid, unset } = result::sanitize_state(schema, &stub, state);
        diagnostics.extend(invalid);
        diagnostics.extend(unset);
        if state == stub {
            let detail = format!("The import of {} returned an empty state.", request.type_name);
            return Err(Diagnostic::bug(&detail).into());
        }
        let derived = resource.schemas.identity.as_ref().and_then(|specs| identity::of_state(specs, &state));
        Ok(ImportResponse {
            identity: by_identity.or(derived),
            state: Some(state),
            private: private.encode(),
            diagnostics: Diagnostics::new(),
        })
    }
}
