//! Handles calls for managed resources: validate, read, plan, and apply.

use super::Service;
use crate::framework::{ApplyRequest, Diagnostics, PlanRequest, ReadRequest};
use crate::protocol::codec::diagnostic::{encode, encode_all, encode_path};
use crate::protocol::proto::{apply_resource_change, plan_resource_change, read_resource, validate_resource_config};

pub(super) async fn validate(
    service: &Service,
    request: validate_resource_config::Request,
) -> Result<validate_resource_config::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let config = types.state.decode(request.config.as_ref(), "The configuration")?;
    let write_only_allowed = request.client_capabilities.is_some_and(|client| client.write_only_attributes_allowed);
    let diagnostics = service.server.validate_resource_config(&request.type_name, config, write_only_allowed);
    Ok(validate_resource_config::Response { diagnostics: encode_all(diagnostics) })
}

pub(super) async fn read(
    service: &Service,
    request: read_resource::Request,
) -> Result<read_resource::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let current_state = types.state.decode(request.current_state.as_ref(), "The saved state")?;
    let identity = types.decode_identity(request.current_identity.as_ref())?;
    let read = service
        .server
        .read_resource(ReadRequest {
            type_name: request.type_name,
            current_state,
            private: request.private.into(),
            identity,
        })
        .await;
    Ok(read_resource::Response {
        new_state: Some(types.state.encode(&read.new_state, "The state")?),
        diagnostics: encode_all(read.diagnostics),
        private: read.private.into(),
        deferred: None,
        new_identity: types.encode_identity(read.identity.as_ref())?,
    })
}

pub(super) async fn plan(
    service: &Service,
    request: plan_resource_change::Request,
) -> Result<plan_resource_change::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let prior_state = types.state.decode(request.prior_state.as_ref(), "The prior state")?;
    let proposed_new_state = types.state.decode(request.proposed_new_state.as_ref(), "The proposed state")?;
    let config = types.state.decode(request.config.as_ref(), "The configuration")?;
    let prior_identity = types.decode_identity(request.prior_identity.as_ref())?;
    let plan = service
        .server
        .plan_resource_change(PlanRequest {
            type_name: request.type_name,
            prior_state,
            proposed_new_state,
            config,
            prior_private: request.prior_private.into(),
            prior_identity,
        })
        .await;
    Ok(plan_resource_change::Response {
        planned_state: Some(types.state.encode(&plan.planned_state, "The plan")?),
        requires_replace: plan.requires_replace.iter().map(encode_path).collect(),
        planned_private: plan.planned_private.into(),
        diagnostics: encode_all(plan.diagnostics),
        legacy_type_system: false,
        deferred: None,
        planned_identity: types.encode_identity(plan.planned_identity.as_ref())?,
    })
}

pub(super) async fn apply(
    service: &Service,
    request: apply_resource_change::Request,
) -> Result<apply_resource_change::Response, Diagnostics> {
    let types = service.types.resource(&request.type_name)?;
    let prior_state = types.state.decode(request.prior_state.as_ref(), "The prior state")?;
    let planned_state = types.state.decode(request.planned_state.as_ref(), "The plan")?;
    let config = types.state.decode(request.config.as_ref(), "The configuration")?;
    let planned_identity = types.decode_identity(request.planned_identity.as_ref())?;
    let applied = service
        .server
        .apply_resource_change(ApplyRequest {
            type_name: request.type_name,
            prior_state,
            planned_state,
            config,
            planned_private: request.planned_private.into(),
            planned_identity,
        })
        .await;

    // The object may exist now, and without a state Terraform would lose it. If the new state cannot be encoded, return
    // the plan: Terraform saves its unknown values as null and, because of the error, taints the object.
    let mut diagnostics = encode_all(applied.diagnostics);
    let new_state = match types.state.encode(&applied.new_state, "The new state") {
        Ok(state) => Some(state),
        Err(error) => {
            diagnostics.push(encode(error));
            request.planned_state
        }
    };
    let new_identity = types.encode_identity(applied.identity.as_ref()).unwrap_or_else(|error| {
        diagnostics.push(encode(error));
        request.planned_identity
    });
    Ok(apply_resource_change::Response {
        new_state,
        private: applied.private.into(),
        diagnostics,
        legacy_type_system: false,
        new_identity,
    })
}
