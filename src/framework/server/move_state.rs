//! Converts states of other resource types, for `moved` blocks.

use super::run::run_sync;
use super::{MoveRequest, MoveResponse, Server};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::json;
use crate::framework::resource::MoveSource;

impl Server {
    /// Converts a state with the first conversion that accepts it.
    pub fn move_resource_state(&self, request: MoveRequest) -> MoveResponse {
        match self.move_state(request) {
            Ok(response) => response,
            Err(diagnostics) => MoveResponse { target_state: None, identity: None, diagnostics },
        }
    }

    fn move_state(&self, request: MoveRequest) -> Result<MoveResponse, Diagnostics> {
        let resource = self.resource(&request.target_type_name)?;
        let address = &request.source_provider_address;
        // An address is HOST/NAMESPACE/NAME. The host may be a mirror.
        let provider = address.split_once('/').map_or(address.as_str(), |(_, provider)| provider);
        // After OpenTofu has moved one instance of a resource, it sends this provider's address for the other
        // instances.
        let is_own = provider.rsplit('/').next().is_some_and(|name| name == self.schemas.provider_name);
        let conversions = resource.entry.moves.iter().filter(|conversion| {
            conversion.type_name == request.source_type_name
                && (is_own || provider.eq_ignore_ascii_case(conversion.provider))
        });
        let source = MoveSource { schema_version: request.source_schema_version, state: request.source_state };
        for conversion in conversions {
            let activity = format!("moving a state of {}", conversion.type_name);
            let converted = run_sync(|| (conversion.convert)(&source))
                .map_err(|interruption| interruption.diagnostic(&activity, "The saved state has not changed."))??;
            if let Some(state) = converted {
                let identity = resource.schemas.identity.as_ref();
                return Ok(MoveResponse {
                    identity: identity.and_then(|identity| json::identity(identity, &state)),
                    target_state: Some(json::without_write_only(resource.schemas.schema.specs(), state)),
                    diagnostics: Diagnostics::new(),
                });
            }
        }
        let from: Vec<_> = resource.entry.moves.iter().map(|conversion| conversion.type_name).collect();
        let supported = match from.as_slice() {
            [] => "It does not support states of other types".to_owned(),
            from => format!("It supports states of: {}", from.join(", ")),
        };
        Err(Diagnostic::error(
            "Unable to move resource state",
            format!(
                "`{}` does not support moving this state of `{}` from {address}. {supported}. Import the object instead, \
                 and remove the other resource with a `removed` block.",
                resource.type_name, request.source_type_name
            ),
        )
        .into())
    }
}
