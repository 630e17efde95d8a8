//! The check `provider_registration`: the subscription is registered to use `Microsoft.SecurityInsights`.

use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;

const NAME: &str = "provider_registration";

/// The resource provider.
pub const NAMESPACE: &str = "Microsoft.SecurityInsights";

const REMEDY: &str = "Run `az provider register --namespace Microsoft.SecurityInsights` in the subscription.";

/// Checks the registration state. If the identity may not read it, a response of Microsoft Sentinel proves the
/// registration, because Azure rejects every request to an unregistered resource provider.
pub fn check(state: &ReadResult<String>, has_sentinel_responded: bool) -> Check {
    match state {
        Ok(state) if state.eq_ignore_ascii_case("Registered") => {
            Check::passed(NAME, format!("The resource provider {NAMESPACE} is registered."))
        }
        Ok(state) if state.eq_ignore_ascii_case("Registering") => Check::warning(
            NAME,
            format!("The resource provider {NAMESPACE} is being registered."),
            "Wait some minutes, and check again.",
        ),
        Ok(state) => Check::failed(NAME, format!("The resource provider {NAMESPACE} has the state {state}."), REMEDY),
        Err(_) if has_sentinel_responded => Check::passed(
            NAME,
            format!("The resource provider {NAMESPACE} is registered: it has answered a request about the workspace."),
        ),
        Err(unread) => Check::unknown(NAME, unread),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prerequisites::check::Status;
    use crate::prerequisites::read_result::ReadFailure;

    #[test]
    fn a_sentinel_response_replaces_an_unreadable_state() {
        let unread = || Err(ReadFailure::new("No.", "Ask."));
        for (state, has_responded, expected) in [
            (Ok("registered".to_owned()), false, Status::Passed),
            (Ok("Registering".to_owned()), false, Status::Warning),
            (Ok("NotRegistered".to_owned()), true, Status::Failed),
            (unread(), true, Status::Passed),
            (unread(), false, Status::Unknown),
        ] {
            assert_eq!(check(&state, has_responded).status, expected, "{state:?}");
        }
    }
}
