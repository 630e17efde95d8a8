//! Reads resources, for each refresh.

use tracing::Instrument;

use super::run::run;
use super::{ReadRequest, ReadResponse, Resource, Server, identity};
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine::result;
use crate::framework::operation::{Private, Read, State};
use crate::framework::schema::Operation;
use crate::framework::value::Value;

impl Server {
    /// Reads an object. On an error, the state does not change.
    pub async fn read_resource(&self, request: ReadRequest) -> ReadResponse {
        let mut response = ReadResponse {
            new_state: request.current_state.clone(),
            private: request.private.clone(),
            identity: request.identity.clone(),
            diagnostics: Diagnostics::new(),
        };
        let outcome = match self.resource(&request.type_name) {
            Ok(resource) => self.read(resource, request, &mut response).await,
            Err(unknown) => Err(unknown.into()),
        };
        if let Err(errors) = outcome {
            response.diagnostics.extend(errors);
        }
        response
    }

    /// Reads an object, and updates the response.
    async fn read(
        &self,
        resource: Resource<'_>,
        request: ReadRequest,
        response: &mut ReadResponse,
    ) -> Result<(), Diagnostics> {
        let schema = &resource.schemas.schema;
        let current = match (&request.current_state, &request.identity) {
            // After an import by identity, there is an identity but no state.
            (Value::Null, Some(identity)) => stub(schema.empty_object(), identity),
            (Value::Null, None) => return Ok(()),
            (current, _) => current.clone(),
        };
        let client = self.client()?;
        let mut private = Private::decode(&request.private);
        let is_imported = private.take_imported() || request.current_state.is_null();

        let context = self.operation(schema, Operation::Read, &current);
        let state = State::of(current.clone(), private);
        let span = tracing::info_span!("read", tf_resource_type = request.type_name);
        let call = async { resource.entry.resource.read(&context, &client, state).await };
        let outcome = run(&context, call.instrument(span)).await;
        response.diagnostics.extend(context.warnings());
        let read = outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("reading {}", request.type_name), "The state has not changed.")
        })?;
        let read = read.map_err(|errors| context.at_timeouts(errors))?;

        let Read::Found(state) = read else {
            response.new_state = Value::Null;
            return Ok(());
        };
        let (state, private) = state.into_parts();
        let result::SanitizedState { state, invalid, unset } = result::sanitize_state(schema, &current, state);
        response.diagnostics.extend(invalid);
        response.diagnostics.extend(unset);
        if let Some(specs) = &resource.schemas.identity {
            let derived = identity::of_state(specs, &state).ok_or_else(|| identity::unset(specs))?;
            match &request.identity {
                Some(known) if specs.is_same(known, &derived) => {}
                Some(_) if !is_imported => return Err(identity::changed(specs, &derived).into()),
                _ => response.identity = Some(derived),
            }
        }
        self.refreshed.insert(resource.type_name, resource.schemas.identity.as_ref(), &state);
        response.new_state = state;
        response.private = private.encode();
        Ok(())
    }
}

fn stub(empty: Value, identity: &Value) -> Value {
    match (empty, identity) {
        (Value::Object(mut attributes), Value::Object(identity)) => {
            attributes.extend(identity.clone());
            Value::Object(attributes)
        }
        (empty, _) => empty,
    }
}
