//! Who sends a query: the claims of the token, which must be for Log Analytics.

use super::error::QueryError;
use crate::arm::{authentication, authorization};
use crate::entra::{Audience, Entra};
use crate::http::Request;
use crate::world::{Claims, World};

/// What a caller may read in a workspace.
pub(super) struct Caller {
    claims: Claims,
    /// ARM id of the workspace.
    workspace: String,
}

/// The claims of the request's token.
pub(super) fn authenticate(request: &Request, world: &World, entra: &Entra<'_>) -> Result<Claims, QueryError> {
    let no_token = || QueryError::no_token(entra.endpoint);
    let header = request.header("authorization").ok_or_else(no_token)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(no_token)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(no_token());
    }
    let claims = entra.signer.verify(token.trim()).map_err(|_| QueryError::invalid_token())?;
    if Audience::of(&claims.aud, entra.endpoint) != Some(Audience::LogAnalytics) {
        return Err(QueryError::invalid_token());
    }
    if claims.exp <= world.now().unix_timestamp() { Err(QueryError::expired_token()) } else { Ok(claims) }
}

impl Caller {
    /// A caller whose tenant has the workspace's subscription, and who may run queries in the workspace.
    pub(super) fn authorized(claims: Claims, workspace: &str, world: &World) -> Result<Self, QueryError> {
        let subscription = workspace.split('/').nth(2).unwrap_or_default();
        let in_tenant = authentication::check_subscription(world, &claims, subscription);
        let caller = Self { claims, workspace: workspace.to_owned() };
        if in_tenant.is_ok() && caller.has(world, "query/read") {
            Ok(caller)
        } else {
            Err(QueryError::insufficient_access())
        }
    }

    /// Whether the caller may read a table.
    pub(super) fn may_read(&self, world: &World, table: &str) -> bool {
        self.has(world, &format!("query/{table}/read"))
    }

    fn has(&self, world: &World, action: &str) -> bool {
        let action = format!("Microsoft.OperationalInsights/workspaces/{action}");
        authorization::check(world, &self.claims, &action, &self.workspace).is_ok()
    }
}
