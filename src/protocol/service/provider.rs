//! Handles calls for the provider itself: validate its configuration, configure, and stop.

use super::Service;
use crate::framework::{ConfigureRequest, Diagnostics};
use crate::protocol::codec::diagnostic::encode_all;
use crate::protocol::proto::{configure_provider, stop_provider, validate_provider_config};

pub(super) async fn validate(
    service: &Service,
    request: validate_provider_config::Request,
) -> Result<validate_provider_config::Response, Diagnostics> {
    let config = service.types.provider.decode(request.config.as_ref(), "The provider's configuration")?;
    let diagnostics = service.server.validate_provider_config(config);
    Ok(validate_provider_config::Response { diagnostics: encode_all(diagnostics) })
}

pub(super) async fn configure(
    service: &Service,
    request: configure_provider::Request,
) -> Result<configure_provider::Response, Diagnostics> {
    let config = service.types.provider.decode(request.config.as_ref(), "The provider's configuration")?;
    let request = ConfigureRequest { terraform_version: request.terraform_version, config };
    let diagnostics = service.server.configure_provider(request).await;
    Ok(configure_provider::Response { diagnostics: encode_all(diagnostics) })
}

pub(super) async fn stop(service: &Service, _: stop_provider::Request) -> Result<stop_provider::Response, Diagnostics> {
    service.server.stop();
    Ok(stop_provider::Response::default())
}
