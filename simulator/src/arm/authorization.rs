//! Role-based access control: role assignments, wildcards, and `notActions`.

use hyper::StatusCode;

use super::error::ArmError;
use crate::clock;
use crate::world::identities::{Role, RoleAssignment};
use crate::world::{Claims, World};

/// Returns 403 unless one of the caller's roles on the scope or above allows the action, or the caller has a role below
/// the scope. Lists use this check, and then return only what the caller may read.
pub(crate) fn check_any(world: &World, caller: &Claims, action: &str, scope: &str) -> Result<(), ArmError> {
    check(world, caller, action, scope)
        .or_else(|error| if has_role_below(world, caller, scope) { Ok(()) } else { Err(error) })
}

/// Whether the caller has a role on a resource below the scope.
pub(crate) fn has_role_below(world: &World, caller: &Claims, scope: &str) -> bool {
    let is_below =
        |assignment: &RoleAssignment| contains(scope, &assignment.scope) && !contains(&assignment.scope, scope);
    assignments(world, &caller.oid).any(is_below)
}

/// Returns 403 unless one of the caller's roles on the scope or above allows the action.
pub(crate) fn check(world: &World, caller: &Claims, action: &str, scope: &str) -> Result<(), ArmError> {
    if roles(world, &caller.oid, scope).any(|role| allows(role, action)) {
        return Ok(());
    }
    let message = format!(
        "The client '{}' with object id '{}' does not have authorization to perform action '{action}' over scope \
         '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
        caller.appid, caller.oid
    );
    Err(ArmError::new(StatusCode::FORBIDDEN, "AuthorizationFailed", message))
}

/// The roles of a principal on a scope, assigned on the scope or above.
pub(crate) fn roles<'a>(world: &'a World, principal: &str, scope: &str) -> impl Iterator<Item = &'a Role> {
    assignments(world, principal)
        .filter(move |assignment| contains(&assignment.scope, scope))
        .filter_map(|assignment| world.settings.roles.get(&assignment.role))
}

/// Whether the principal has a role on the scope, above it or below it.
pub(crate) fn has_role_in(world: &World, principal: &str, scope: &str) -> bool {
    assignments(world, principal)
        .any(|assignment| contains(&assignment.scope, scope) || contains(scope, &assignment.scope))
}

/// The role assignments of a principal that have taken effect.
fn assignments<'a>(world: &'a World, principal: &str) -> impl Iterator<Item = &'a RoleAssignment> {
    let now = world.now();
    world.settings.role_assignments.iter().filter(move |assignment| {
        let effective_at = assignment.effective_at.as_deref().and_then(clock::parse);
        assignment.principal_id.eq_ignore_ascii_case(principal) && effective_at.is_none_or(|start| start <= now)
    })
}

/// Whether `inner` is `outer` or below it. IDs are case-insensitive.
pub(crate) fn contains(outer: &str, inner: &str) -> bool {
    let outer = outer.trim_end_matches('/').to_lowercase();
    let inner = inner.to_lowercase();
    inner.strip_prefix(&outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn allows(role: &Role, action: &str) -> bool {
    let matched = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
    matched(&role.actions) && !matched(&role.not_actions)
}

/// `*` matches any text, including several segments.
fn matches(pattern: &str, action: &str) -> bool {
    let pattern = pattern.to_lowercase();
    let action = action.to_lowercase();
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == action };
    let Some(mut rest) = action.strip_prefix(head) else { return false };
    let mut pieces = tail.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_any_text_ignoring_case() {
        assert!(matches("*", "Microsoft.Security/x/write"));
        assert!(matches("*/read", "Microsoft.SecurityInsights/dataConnectors/read"));
        assert!(!matches("*/read", "Microsoft.SecurityInsights/dataConnectors/write"));
        assert!(matches("microsoft.securityinsights/*", "Microsoft.SecurityInsights/dataConnectors/delete"));
        assert!(matches("Microsoft.*/workspaces/*/read", "Microsoft.X/workspaces/query/read"));
        assert!(!matches("Microsoft.Authorization/*/Write", "Microsoft.SecurityInsights/metadata/write"));
    }

    #[test]
    fn scope_contains_itself_and_everything_below() {
        assert!(contains("/subscriptions/S", "/subscriptions/s/resourceGroups/g"));
        assert!(contains("/", "/subscriptions/s"));
        assert!(!contains("/subscriptions/s/resourceGroups/g", "/subscriptions/s/resourceGroups/g2"));
    }
}
