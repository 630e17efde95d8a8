//! Finds the advice for an error of Azure Resource Manager or Microsoft Sentinel.

use super::Advice;
use super::common_advice::{
    CLAIMS, CLOCK, CONNECTOR_PERMISSION, FOREIGN, NOT_ACCEPTED, PERMISSION, POLICY, READ_PERMISSION,
};
use super::known_errors::ROWS;
use crate::azure::credential::Method;
use crate::azure::{ErrorDetail, ServiceError};

/// The advice of the first row that matches.
pub(super) fn advice(error: &ServiceError) -> Option<Advice> {
    if error.foreign {
        return Some(FOREIGN);
    }
    if error.is_denied_by_policy() {
        return Some(POLICY);
    }
    let nested = WRAPPERS.iter().any(|code| error.has_code(code)).then(|| of_details(&error.details)).flatten();
    let row = || ROWS.iter().find(|row| row.matches(error)).map(|row| row.advice);
    let advice = nested.or_else(row)?;
    let is_read = error.method == "GET";
    Some(match advice {
        NOT_ACCEPTED => not_accepted(error),
        PERMISSION | CONNECTOR_PERMISSION if is_read => READ_PERMISSION,
        other => other,
    })
}

/// The advice for a rejected access token.
fn not_accepted(error: &ServiceError) -> Advice {
    let has_claims = error.challenge.as_ref().is_some_and(|challenge| challenge.claims.is_some());
    match (has_claims, error.is_new_token) {
        (true, true) => Advice {
            title: "Conditional Access rejected the access token",
            cause: "Azure required an access token with other claims (continuous access evaluation). The provider requested one, and Azure rejected it too.",
            remedy: remedy_for_claims(error),
        },
        (true, false) => Advice { remedy: remedy_for_claims(error), ..CLAIMS },
        (false, _) if error.clock_error.is_some() => CLOCK,
        (false, true) => Advice {
            cause: "Azure rejected the access token and also a new one. The token may be for another cloud.",
            ..NOT_ACCEPTED
        },
        (false, false) => NOT_ACCEPTED,
    }
}

/// How to get a token with other claims from the current authentication method.
fn remedy_for_claims(error: &ServiceError) -> &'static str {
    match error.authentication_method {
        Some(Method::AZURE_CLI) => {
            "Run `az logout` and `az login --tenant TENANT_ID`, and {again}. If it fails again, check the Conditional Access policies: the sign-in log of Microsoft Entra contains the name of the policy."
        }
        Some(Method::DEV_CLI) => {
            "Run `azd auth logout` and `azd auth login`, and {again}. If it fails again, check the Conditional Access policies: the sign-in log of Microsoft Entra contains the name of the policy."
        }
        Some(Method::POWERSHELL) => {
            "Run `Disconnect-AzAccount` and `Connect-AzAccount`, and {again}. If it fails again, check the Conditional Access policies: the sign-in log of Microsoft Entra contains the name of the policy."
        }
        Some(Method::MANAGED_IDENTITY) => {
            "{Again} later: the managed identity endpoint may return the same token for hours. If it fails again, check the Conditional Access policies: the sign-in log of Microsoft Entra contains the name of the policy."
        }
        Some(Method::ENVIRONMENT_TOKEN) => {
            "Request a new token, and set ARM_ACCESS_TOKEN to it. If it fails again, check the Conditional Access policies: the sign-in log of Microsoft Entra contains the name of the policy."
        }
        _ => CLAIMS.remedy,
    }
}

/// The advice for the first of these errors with a known code. The errors have no status.
pub(super) fn of_details(details: &[ErrorDetail]) -> Option<Advice> {
    if details.iter().any(ErrorDetail::is_denied_by_policy) {
        return Some(POLICY);
    }
    details.iter().find_map(|detail| {
        let error =
            ServiceError { code: detail.code.clone(), message: detail.message.clone(), ..ServiceError::default() };
        ROWS.iter().filter(|row| !row.codes.is_empty()).find(|row| row.matches(&error)).map(|row| row.advice)
    })
}

/// Codes of errors that only contain other errors.
const WRAPPERS: &[&str] = &[
    "InvalidTemplateDeployment",
    "DeploymentFailed",
    "ResourceDeploymentFailure",
    "MultipleErrorsOccurred",
    "PreflightValidationCheckFailed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_shadows_another() {
        for row in ROWS {
            let any = |texts: &[&'static str], of_any| if texts.is_empty() { vec![of_any] } else { texts.to_vec() };
            let statuses = if row.statuses.is_empty() { &[400] } else { row.statuses };
            for (status, code) in
                statuses.iter().flat_map(|status| any(row.codes, "").into_iter().map(move |code| (status, code)))
            {
                for message in any(row.messages, "") {
                    let code_of_error = (!code.is_empty()).then(|| code.to_owned());
                    let error = ServiceError {
                        status: *status,
                        code: code_of_error,
                        message: message.to_owned(),
                        ..ServiceError::default()
                    };

                    assert_eq!(advice(&error), Some(row.advice), "{status} {code} {message}");
                }
            }
        }
    }
}
