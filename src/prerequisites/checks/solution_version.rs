//! The check `solution_version`: the solution "Microsoft Defender for Cloud" 3.0.0 or newer is installed.

use crate::content_hub::{SolutionVersion, VersionConstraint};
use crate::prerequisites::check::{Check, Status};
use crate::prerequisites::read_result::{ReadFailure, ReadResult};
use crate::prerequisites::solution_state::SolutionState;

const NAME: &str = "solution_version";

/// The versions that contain the page of the tenant-based connector.
const REQUIRED: &str = ">= 3.0.0";

const REMEDY: &str = "Install version 3.0.0 or newer, for example with the resource sentinel_content_hub_solution.";

/// Checks the version of the solution.
pub fn check(solution: &ReadResult<SolutionState>) -> Check {
    match solution {
        Ok(SolutionState { installed: Some(installed), .. }) => compare(installed),
        Ok(SolutionState { is_in_catalog: true, .. }) => Check::failed(
            NAME,
            "The solution \"Microsoft Defender for Cloud\" is not installed in the workspace.",
            REMEDY,
        ),
        Ok(SolutionState { is_in_catalog: false, .. }) => Check::unknown(
            NAME,
            &ReadFailure::new(
                "The catalog of the workspace does not contain the solution \"Microsoft Defender for Cloud\".",
                "Look for the solution on the Content Hub page of the portal.",
            ),
        ),
        Err(unread) => Check::unknown(NAME, unread),
    }
}

/// Whether the installed solution contains the tenant-based connector. `None` if this is unknown.
pub fn is_met(solution: &ReadResult<SolutionState>) -> Option<bool> {
    match check(solution).status {
        Status::Passed => Some(true),
        Status::Failed => Some(false),
        Status::Warning | Status::Unknown => None,
    }
}

fn compare(installed: &str) -> Check {
    let required = VersionConstraint::parse(REQUIRED).expect("invariant: the constraint is well-formed");
    let title = format!("Version {installed} of the solution \"Microsoft Defender for Cloud\" is installed.");
    match SolutionVersion::parse(installed) {
        Ok(version) if required.is_satisfied_by(&version) => Check::passed(NAME, title),
        Ok(_) => Check::failed(NAME, format!("{title} The tenant-based connector needs 3.0.0 or newer."), REMEDY),
        Err(_) => {
            let detail = format!("{title} This version cannot be compared with 3.0.0.");
            Check::undecided(NAME, detail, REMEDY)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(installed: Option<&str>, is_in_catalog: bool) -> Status {
        let installed = installed.map(str::to_owned);
        check(&Ok(SolutionState { is_in_catalog, installed, available: None })).status
    }

    #[test]
    fn checks_the_installed_version() {
        for (installed, expected) in [
            (Some("3.0.0"), Status::Passed),
            (Some("3.0.3"), Status::Passed),
            (Some("2.0.1"), Status::Failed),
            (Some("newest"), Status::Unknown),
            (None, Status::Failed),
        ] {
            assert_eq!(status(installed, true), expected, "{installed:?}");
        }
    }

    #[test]
    fn unreadable_state_is_neither_met_nor_unmet() {
        let state = |installed: Option<&str>| {
            Ok(SolutionState { is_in_catalog: true, installed: installed.map(str::to_owned), available: None })
        };

        assert_eq!(is_met(&state(Some("3.0.0"))), Some(true));
        assert_eq!(is_met(&state(None)), Some(false));
        assert_eq!(is_met(&Err(ReadFailure::new("No.", "Ask."))), None);
    }

    #[test]
    fn catalog_without_the_solution_is_unknown() {
        assert_eq!(status(None, false), Status::Unknown);
    }
}
