//! Checks the bearer token of a request to Microsoft Graph: signature, expiry, and audience.

use super::error::GraphError;
use crate::entra::{Audience, Entra};
use crate::http::Request;
use crate::world::{Claims, World};

pub(super) fn authenticate(request: &Request, world: &World, entra: &Entra<'_>) -> Result<Claims, GraphError> {
    let header = request.header("authorization").unwrap_or_default();
    let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some(token) = token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()) else {
        return Err(GraphError::unauthorized("Access token is empty."));
    };
    let Ok(claims) = entra.signer.verify(token) else {
        return Err(GraphError::unauthorized("IDX14100: JWT is not well formed, or its signature is not valid."));
    };
    if claims.exp <= world.now().unix_timestamp() {
        return Err(GraphError::unauthorized("Lifetime validation failed, the token is expired."));
    }
    if Audience::of(&claims.aud, entra.endpoint) != Some(Audience::Graph) {
        return Err(GraphError::unauthorized("Access token validation failure. Invalid audience."));
    }
    Ok(claims)
}
