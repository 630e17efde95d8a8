//! Microsoft Graph: the groups and directory roles of the caller, below `{endpoint}/graph`.

mod authentication;
mod error;
mod member_of;

use hyper::Method;

use crate::entra::{Entra, GRAPH_PATH};
use crate::http::{Request, Response};
use crate::world::World;
use error::GraphError;

/// Handles a request whose path begins with [`GRAPH_PATH`].
pub(crate) fn handle(request: &Request, world: &World, entra: &Entra<'_>) -> Option<Response> {
    let path = request.path.strip_prefix(GRAPH_PATH)?;
    if !path.starts_with('/') {
        return None;
    }
    let result = respond(path, request, world, entra);
    Some(result.unwrap_or_else(|error| error.response(request, world)))
}

fn respond(path: &str, request: &Request, world: &World, entra: &Entra<'_>) -> Result<Response, GraphError> {
    let caller = authentication::authenticate(request, world, entra)?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let ["v1.0", rest @ ..] = segments.as_slice() else { return Err(GraphError::unknown_version()) };
    if request.method != Method::GET {
        return Err(GraphError::unsupported_method());
    }
    match rest {
        ["me", "transitiveMemberOf", cast @ ..] => {
            member_of::me(request, world, &caller, cast_of(cast)?, entra.endpoint)
        }
        ["servicePrincipals", id, "transitiveMemberOf", cast @ ..] => {
            member_of::service_principal(request, world, &caller, id, cast_of(cast)?, entra.endpoint)
        }
        [key, "transitiveMemberOf", cast @ ..] if key.starts_with("servicePrincipals(") => {
            member_of::service_principal(request, world, &caller, key, cast_of(cast)?, entra.endpoint)
        }
        _ => Err(GraphError::unknown_segment(rest.last().copied().unwrap_or_default())),
    }
}

/// The type to which a list is cast, or none.
fn cast_of<'a>(rest: &[&'a str]) -> Result<Option<&'a str>, GraphError> {
    match rest {
        [] => Ok(None),
        [cast @ ("microsoft.graph.directoryRole" | "microsoft.graph.group")] => Ok(Some(cast)),
        [other, ..] => Err(GraphError::unknown_segment(other)),
    }
}
