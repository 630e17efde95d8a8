//! The input of a check, or the reason why it could not be read.

use crate::azure::{AuthenticationProblem, Error, ServiceError, capitalized};
use crate::azure_diagnostics;
use crate::sentinel::is_not_onboarded;

/// The input of a check, or the reason why it could not be read.
pub type ReadResult<T> = Result<T, ReadFailure>;

/// The reason why an input could not be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadFailure {
    /// The reason, as a sentence.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
    /// The identity belongs to a tenant that has no access to the subscription.
    pub is_wrong_tenant: bool,
}

impl ReadFailure {
    /// A failure with this reason and this remedy.
    pub fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { reason: reason.into(), remedy: remedy.into(), is_wrong_tenant: false }
    }

    /// A failure because of a failed request. `subject` is what could not be read, and `action` the Azure action that
    /// reads it.
    pub fn of(error: &Error, subject: &str, action: &str) -> Self {
        if is_not_onboarded(error) {
            return Self::new(
                format!(
                    "{} cannot be read, because the workspace is not onboarded to Microsoft Sentinel.",
                    capitalized(subject)
                ),
                "Onboard the workspace first.",
            );
        }
        if error.service().is_some_and(ServiceError::is_wrong_tenant) {
            let reason = format!(
                "{} cannot be read, because the identity belongs to another tenant than the subscription.",
                capitalized(subject)
            );
            let remedy = azure_diagnostics::remedy(error).unwrap_or_default();
            return Self { reason, remedy, is_wrong_tenant: true };
        }
        let remedy = match error.service() {
            Some(service) if service.is_missing_role() => {
                format!("Assign a role with the action {action}, or ask someone who has it to run this check.")
            }
            _ => usual_remedy(error).to_owned(),
        };
        Self::new(format!("{} cannot be read: {}", capitalized(subject), brief(error)), remedy)
    }
}

/// The remedy for an error that is not about roles.
pub fn usual_remedy(error: &Error) -> &'static str {
    match error.service() {
        _ if matches!(error, Error::Authentication(_)) => "Fix the authentication problem that the error describes.",
        Some(service) if is_permanent(service.status) => {
            "Fix the problem that the error describes. Retrying does not help."
        }
        _ => "Try again later. If it fails again, the error says what to change.",
    }
}

/// Whether a retry would have the same response.
fn is_permanent(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 429)
}

/// The error in one sentence. It contains no request IDs and times, so each read returns the same text.
pub fn brief(error: &Error) -> String {
    let text = match error {
        Error::Authentication(error) => match &error.problem {
            AuthenticationProblem::Rejected { code, message, .. } => match code {
                Some(code) if !message.contains(code.as_str()) => format!("{code}: {message}"),
                _ => message.clone(),
            },
            AuthenticationProblem::Local { cause } => cause.clone(),
            _ => error.to_string(),
        },
        Error::TimedOut { last: Some(last), .. } => format!("there was no usable response in time; {}", brief(last)),
        Error::TimedOut { last: None, .. } => "there was no response in time".to_owned(),
        error => match error.service() {
            Some(service) => match &service.code {
                Some(code) => format!("{} {code}: {}", service.status, service.message),
                None => format!("{}: {}", service.status, service.message),
            },
            None => error.to_string(),
        },
    };
    let line = text.lines().next().unwrap_or_default().trim_end();
    if line.ends_with(['.', '!', '?']) { line.to_owned() } else { format!("{line}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::AuthenticationError;

    fn error(status: u16, code: &str, message: &str) -> Error {
        let (code, message) = (Some(code.to_owned()), message.to_owned());
        ServiceError { status, code, message, request_id: Some("r".to_owned()), ..ServiceError::default() }.into()
    }

    #[test]
    fn a_missing_role_names_the_action() {
        let unread = ReadFailure::of(&error(403, "AuthorizationFailed", "No."), "the list of rules", "a/b/read");

        assert_eq!(unread.reason, "The list of rules cannot be read: 403 AuthorizationFailed: No.");
        assert!(unread.remedy.contains("a/b/read"), "{}", unread.remedy);
    }

    #[test]
    fn names_a_workspace_that_is_not_onboarded() {
        let unread = ReadFailure::of(&error(400, "BadRequest", "It is not onboarded to"), "the rules", "a/b/read");

        assert!(unread.reason.contains("is not onboarded to Microsoft Sentinel"), "{}", unread.reason);
    }

    #[test]
    fn suggests_a_retry_only_for_temporary_errors() {
        for (status, is_temporary) in [(503, true), (429, true), (408, true), (404, false), (400, false)] {
            let unread = ReadFailure::of(&error(status, "X", "No."), "the rules", "a/b/read");

            assert_eq!(unread.remedy.starts_with("Try again"), is_temporary, "{status}: {}", unread.remedy);
        }
    }

    #[test]
    fn an_error_is_one_line() {
        assert_eq!(brief(&error(500, "X", "First\nTrace: 1")), "500 X: First.");
        let without_code = ServiceError { status: 502, message: "Bad gateway".to_owned(), ..ServiceError::default() };
        assert_eq!(brief(&without_code.into()), "502: Bad gateway.");
    }

    #[test]
    fn describes_rejected_authentication_by_code_and_message() {
        let authentication_error = |problem| -> Error {
            let unused = Vec::new();
            Box::new(AuthenticationError { method: "client secret", problem, origin: None, unused, identity: None })
                .into()
        };
        let rejected = |code: &str| {
            let (host, code, message) = ("h".to_owned(), Some(code.to_owned()), "AADSTS1: No.".to_owned());
            authentication_error(AuthenticationProblem::Rejected { host, status: Some(401), code, message })
        };

        assert_eq!(brief(&rejected("AADSTS1")), "AADSTS1: No.", "the message contains the code");
        assert_eq!(brief(&rejected("AADSTS2")), "AADSTS2: AADSTS1: No.");
        let local = AuthenticationProblem::Local { cause: "No file.".to_owned() };
        assert_eq!(brief(&authentication_error(local)), "No file.");
        assert!(usual_remedy(&rejected("AADSTS1")).starts_with("Fix the authentication problem"));
    }
}
