//! The check `license`: Azure reports that the tenant has the license, and that the identity may connect.

use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;
use crate::prerequisites::requirements::Requirements;

const NAME: &str = "license";

const REMEDY: &str = "Ask a Security Administrator to open https://security.microsoft.com once and to enable Microsoft \
                      Defender XDR. Check the licenses of the tenant. A change may take hours to take effect.";

/// Checks Azure's response for the Defender XDR connector, through which the alerts stream.
pub fn check(requirements: &ReadResult<Requirements>) -> Check {
    let Requirements { authorization, license } = match requirements {
        Ok(requirements) => requirements,
        Err(unread) => return Check::unknown(NAME, unread),
    };
    let is = |state: &Option<String>, expected: &str| {
        state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case(expected))
    };
    if is(license, "Invalid") {
        return Check::failed(NAME, "Azure reports that the license for Microsoft Defender XDR is not valid.", REMEDY);
    }
    if is(authorization, "Invalid") {
        return Check::failed(
            NAME,
            "Azure reports that the identity is not authorized to connect Microsoft Defender XDR.",
            "Use an identity that has the role Security Administrator in the workspace's tenant, or connect in the \
             portal.",
        );
    }
    if is(license, "Valid") && is(authorization, "Valid") {
        return Check::passed(
            NAME,
            "Azure reports that the license and the authorization for Microsoft Defender XDR are valid.",
        );
    }
    let shown = |state: &Option<String>| state.clone().unwrap_or_else(|| "nothing".to_owned());
    let detail = format!(
        "Azure did not report whether the requirements are met. License state: {}. Authorization state: {}.",
        shown(license),
        shown(authorization)
    );
    Check::undecided(NAME, detail, REMEDY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prerequisites::check::Status;

    #[test]
    fn requires_a_valid_license_and_authorization() {
        for (license, authorization, expected) in [
            ("Valid", "valid", Status::Passed),
            ("Invalid", "Valid", Status::Failed),
            ("Valid", "Invalid", Status::Failed),
            ("Unknown", "Valid", Status::Unknown),
        ] {
            let requirements =
                Requirements { authorization: Some(authorization.to_owned()), license: Some(license.to_owned()) };
            assert_eq!(check(&Ok(requirements)).status, expected, "{license} {authorization}");
        }
        assert_eq!(check(&Ok(Requirements::default())).status, Status::Unknown);
    }
}
