//! The check `onboarded`: the workspace is onboarded to Microsoft Sentinel.

use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;
use crate::sentinel::Onboarding;

const NAME: &str = "onboarded";

/// Checks the onboarding state of the workspace with this name.
pub fn check(onboarding: &ReadResult<Onboarding>, workspace: &str) -> Check {
    match onboarding {
        Ok(Onboarding::Present) => {
            Check::passed(NAME, format!("The workspace {workspace} is onboarded to Microsoft Sentinel."))
        }
        Ok(Onboarding::Absent) => Check::failed(
            NAME,
            format!("The workspace {workspace} is not onboarded to Microsoft Sentinel."),
            "Add the resource sentinel_workspace_onboarding, or add Microsoft Sentinel to the workspace in the portal.",
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
    fn each_state_has_its_result() {
        assert_eq!(check(&Ok(Onboarding::Present), "law").status, Status::Passed);
        assert_eq!(check(&Ok(Onboarding::Absent), "law").status, Status::Failed);
        assert_eq!(check(&Err(ReadFailure::new("No.", "Ask.")), "law").status, Status::Unknown);
    }
}
