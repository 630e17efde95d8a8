//! The caller of a query: the claims of its token, and its permissions in the workspace.

use super::error::QueryError;
use crate::arm::{authentication, authorization};
use crate::entra::{Audience, Entra};
use crate::http::Request;
use crate::world::{Claims, World};

/// The caller of a query in a workspace.
pub(super) struct Caller {
    claims: Claims,
    /// ARM ID of the workspace.
    workspace: String,
}

/// Returns the claims of the request's token, which must be valid and for Log Analytics.
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
    /// Checks that the caller's tenant may access the workspace's subscription, and that the caller may query the
    /// workspace.
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
