//! Whether the workspace or its Sentinel is gone. A single response may be wrong, so a second read must
//! confirm it.
//!
//! A single wrong "not found" must not drop an object from the state or end a destroy. The rule, for everything that the
//! state says exists:
//!
//! | Azure's response | second read | result |
//! |---|---|---|
//! | the workspace or its Sentinel is gone ([`is_gone`]) | its onboarding state is absent too | gone |
//! | the workspace or its Sentinel is gone | its onboarding state exists | ask again for a while, then an error |
//! | the object is not in a list | GET by its name, and a second list | gone if none of them has it |
//!
//! The first two rows are [`super::unless_gone`]. The last row belongs to each type of object, because only it knows the
//! names.

use super::{Onboarding, WorkspaceId, is_not_onboarded};
use crate::azure::Error;
use crate::framework::{Context, Diagnostic, Path};
use crate::session::Session;

/// Whether the error says that the workspace, its resource group or its Sentinel no longer exists. It counts only if a
/// second read agrees.
///
/// A subscription that is not found does not count. Otherwise, a login without permissions or in the wrong tenant would
/// look like the deletion of everything.
#[must_use]
pub fn is_gone(error: &Error) -> bool {
    is_not_onboarded(error) || error.is_not_found()
}

/// What to do after a response that the workspace or its Sentinel is gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Absence {
    /// The second read agrees: it is gone.
    Gone,
    /// The second read contradicts: read again.
    CheckAgain,
    /// The second read still contradicts, so the result is an error.
    Error,
}

/// Judges such a response by the onboarding state of the workspace. `may_wait` is whether there is time to read again.
pub(super) const fn absence(onboarding: Onboarding, may_wait: bool) -> Absence {
    match (onboarding, may_wait) {
        (Onboarding::Absent, _) => Absence::Gone,
        (Onboarding::Present, true) => Absence::CheckAgain,
        (Onboarding::Present, false) => Absence::Error,
    }
}

/// What the absence of Sentinel means for a resource.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Consequence {
    /// A refresh removes the resource from the state.
    RemovedFromState,
    /// A destroy has nothing to delete.
    NothingToDelete,
}

/// Warns that the workspace or its Sentinel is gone, once in a run: it concerns all resources of the workspace.
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
        Consequence::NothingToDelete => "There is nothing to delete.",
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

    fn answer(status: u16, code: &str, message: &str) -> Error {
        let (code, message) = (Some(code.to_owned()), message.to_owned());
        ServiceError { status, code, message, ..ServiceError::default() }.into()
    }

    #[test]
    fn object_is_gone_without_the_workspace_or_sentinel() {
        for error in [
            answer(404, "ResourceNotFound", "…"),
            answer(404, "ResourceGroupNotFound", "…"),
            answer(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 1"),
            answer(400, "BadRequest", "Workspace 'w' is not onboarded to Microsoft Sentinel."),
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
    fn login_without_read_permission_is_an_error() {
        for error in [answer(404, "SubscriptionNotFound", "…"), answer(403, "AuthorizationFailed", "…")] {
            assert!(!is_gone(&error), "{error}");
        }
    }
}
