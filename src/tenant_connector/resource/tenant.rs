//! The tenant that a workspace streams from, checked against the one that is given.

use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Diagnostics};
use crate::sentinel::{Tenant, WorkspaceId};
use crate::session::Session;

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::tenant_id::TenantId;

/// Looks the tenant up. Given one, its spelling is kept, and it counts where the login may not read the subscription.
pub(super) async fn tenant_of(
    session: &Session,
    workspace: &WorkspaceId,
    given: Option<&TenantId>,
    deadline: &Deadline,
) -> Result<TenantId, Diagnostics> {
    checked(session.look_up(&Tenant::of(workspace), deadline).await, workspace, given)
}

/// Judges what a look-up has given.
pub(super) fn checked(
    looked_up: Result<String, Error>,
    workspace: &WorkspaceId,
    given: Option<&TenantId>,
) -> Result<TenantId, Diagnostics> {
    match (looked_up, given) {
        (Ok(actual), None) => Ok(TenantId::from_azure(&actual)),
        (Ok(actual), Some(given)) if given.as_str().eq_ignore_ascii_case(&actual) => Ok(given.clone()),
        (Ok(actual), Some(given)) => Err(diagnostics::other_tenant(workspace, given.as_str(), &actual).into()),
        (Err(error), Some(given)) if is_hidden(&error) => {
            tracing::warn!(workspace = %workspace, "the subscription cannot be read: `tenant_id` is not checked");
            Ok(given.clone())
        }
        (Err(error), _) => Err(unknown(&error).into()),
    }
}

fn unknown(error: &Error) -> Diagnostic {
    const ACTIVITY: &str = "looking up the tenant of the workspace's subscription";
    let diagnostic = if is_hidden(error) {
        let remedy = "Set `tenant_id` on this resource to the tenant of the subscription. Then the identity does not \
            need to read the subscription.";
        azure_diagnostics::from_error_with_remedy(error, ACTIVITY, remedy)
    } else {
        azure_diagnostics::from_error(error, ACTIVITY)
    };
    diagnostic.at(WORKSPACE_ID.path())
}

/// The subscription as such is not for this login to read, though the workspace may be.
fn is_hidden(error: &Error) -> bool {
    error.service().is_some_and(|service| matches!(service.status, 403 | 404))
}
