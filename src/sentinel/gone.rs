//! Tells "not found" from errors that only look like it.

use super::is_not_onboarded;
use crate::azure::Error;

/// Whether the error means that the workspace, its resource group or its Sentinel no longer exists.
///
/// A subscription that is not found does not count. Otherwise, a login without permissions or in the wrong tenant would
/// look like the deletion of everything.
#[must_use]
pub fn is_gone(error: &Error) -> bool {
    is_not_onboarded(error) || error.is_not_found()
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
    fn a_workspace_that_is_not_there_or_has_no_sentinel_is_gone() {
        assert!(is_gone(&answer(404, "ResourceNotFound", "…")));
        assert!(is_gone(&answer(404, "ResourceGroupNotFound", "…")));
        assert!(is_gone(&answer(400, "BadRequest", "Workspace 'w' is not onboarded to Microsoft Sentinel.")));
    }

    #[test]
    fn a_login_that_sees_nothing_is_an_error() {
        assert!(!is_gone(&answer(404, "SubscriptionNotFound", "…")));
        assert!(!is_gone(&answer(403, "AuthorizationFailed", "…")));
    }
}
