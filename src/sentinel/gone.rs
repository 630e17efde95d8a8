//! Detects that a workspace or its Sentinel no longer exists.
//!
//! A single wrong "not found" must not remove an object from the state or end a destroy, so a second read must confirm
//! it. The rule for all objects in the state:
//!
//! | Azure's response | second read | result |
//! |---|---|---|
//! | the workspace or its Sentinel does not exist ([`is_gone`]) | the onboarding state does not exist | gone |
//! | the workspace or its Sentinel does not exist | the onboarding state exists | retries for a while, then an error |
//! | the object is not in a list | GET by its name, and a second list | gone if none of them contains it |
//!
//! [`super::unless_gone`] implements the first two rows. Each type of object implements the last row with its own
//! names.

use super::{Onboarding, WorkspaceId, is_not_onboarded};
use crate::azure::Error;
use crate::framework::{Context, Diagnostic, Path};
use crate::session::Session;

/// Whether the error says that the workspace, its resource group or its Sentinel no longer exists. A second read must
/// confirm it.
///
/// A subscription that is not found does not count. Otherwise, an identity without permissions or in the wrong tenant
/// would make all objects look deleted.
#[must_use]
pub fn is_gone(error: &Error) -> bool {
    is_not_onboarded(error) || error.is_not_found()
}

/// The conclusion from a response that the workspace or its Sentinel no longer exists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Absence {
    /// The second read confirms it.
    Gone,
    /// The second read contradicts it. Retry.
    CheckAgain,
    /// The second read still contradicts it after the last retry. Report an error.
    Error,
}

/// Evaluates such a response with the onboarding state of the workspace. `may_retry` is whether there is time to retry.
pub(super) const fn absence(onboarding: Onboarding, may_retry: bool) -> Absence {
    match (onboarding, may_retry) {
        (Onboarding::Absent, _) => Absence::Gone,
        (Onboarding::Present, true) => Absence::CheckAgain,
        (Onboarding::Present, false) => Absence::Error,
    }
}

/// The consequence of a missing Sentinel for a resource.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Consequence {
    /// A refresh removes the resource from the state.
    RemovedFromState,
    /// A destroy cannot delete the resource.
    NotDeleted,
}

/// Warns that the workspace or its Sentinel no longer exists. Warns once per run, because this affects all resources of
/// the workspace.
pub fn warn_that_sentinel_is_gone(
    context: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    consequence: Consequence,
    at: Path,
) {
    if session.is_first_report(format!("Sentinel is gone from {}", workspace.key())) {
        context.warn(sentinel_is_gone(workspace, consequence).at(at));
    }
}

fn sentinel_is_gone(workspace: &WorkspaceId, consequence: Consequence) -> Diagnostic {
    let consequence = match consequence {
        Consequence::RemovedFromState => {
            "The resources that this configuration manages there are removed from the state. Check whether Microsoft \
             Sentinel was removed on purpose. If a `sentinel_workspace_onboarding` in this configuration manages the \
             onboarding, the next `terraform apply` onboards the workspace again. Otherwise, onboard it before the next \
             apply."
        }
        Consequence::NotDeleted => {
            "The provider cannot delete the resource there. Azure keeps analytics rules and incidents for 30 days. If the \
             workspace is onboarded again in this time, they return. To delete them with the onboarding, reference the \
             `workspace_id` of `sentinel_workspace_onboarding` in all resources of the workspace."
        }
    };
    Diagnostic::warning(
        format!("The workspace {} no longer has Microsoft Sentinel", workspace.name()),
        format!(
            "Azure reports that the workspace {workspace} does not exist or is not onboarded to Microsoft Sentinel. Its \
             onboarding state does not exist either. {consequence}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;

    fn error(status: u16, code: &str, message: &str) -> Error {
        let (code, message) = (Some(code.to_owned()), message.to_owned());
        ServiceError { status, code, message, ..ServiceError::default() }.into()
    }

    #[test]
    fn recognizes_a_missing_workspace_or_sentinel() {
        for error in [
            error(404, "ResourceNotFound", "…"),
            error(404, "ResourceGroupNotFound", "…"),
            error(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 1"),
            error(400, "BadRequest", "Workspace 'w' is not onboarded to Microsoft Sentinel."),
        ] {
            assert!(is_gone(&error), "{error}");
        }
    }

    #[test]
    fn absence_requires_confirmation_by_the_onboarding_state() {
        assert_eq!(absence(Onboarding::Absent, true), Absence::Gone);
        assert_eq!(absence(Onboarding::Present, true), Absence::CheckAgain);
        assert_eq!(absence(Onboarding::Present, false), Absence::Error);
    }

    #[test]
    fn ignores_errors_of_missing_permissions() {
        for error in [error(404, "SubscriptionNotFound", "…"), error(403, "AuthorizationFailed", "…")] {
            assert!(!is_gone(&error), "{error}");
        }
    }
}
