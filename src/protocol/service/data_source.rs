//! Handles calls for data sources: validate and read.

use super::Service;
use crate::framework::Diagnostics;
use crate::protocol::codec::diagnostic::encode_all;
use crate::protocol::proto::{read_data_source, validate_data_resource_config};

pub(super) async fn validate(
    service: &Service,
    request: validate_data_resource_config::Request,
) -> Result<validate_data_resource_config::Response, Diagnostics> {
    let ty = service.types.data_source(&request.type_name)?;
    let config = ty.decode(request.config.as_ref(), "The configuration")?;
    let diagnostics = service.server.validate_data_source_config(&request.type_name, config);
    Ok(validate_data_resource_config::Response { diagnostics: encode_all(diagnostics) })
}

pub(super) async fn read(
    service: &Service,
    request: read_data_source::Request,
) -> Result<read_data_source::Response, Diagnostics> {
    let ty = service.types.data_source(&request.type_name)?;
    let config = ty.decode(request.config.as_ref(), "The configuration")?;
    let (state, diagnostics) = service.server.read_data_source(&request.type_name, config).await;
    let state = ty.encode(&state, "The data")?;
    Ok(read_data_source::Response { state: Some(state), diagnostics: encode_all(diagnostics), deferred: None })
}
