//! Azure's errors, told in Terraform's terms: what failed, what Azure said, why that is likely, what to do.
//!
//! What is known about codes and messages is data, in `service.rs`, `entra.rs` and `local.rs`; this file turns an error
//! and its row into the text of a diagnostic.

mod entra;
mod local;
mod service;

use std::fmt::Write as _;

use crate::azure::{
    AuthenticationError, AuthenticationProblem, Error, NoCredential, ServiceError, UnusedMethod, human,
};
use crate::framework::Diagnostic;

/// Explains a failed call; `doing` says what it was for and reads after "while": "reading the workspace".
///
/// The summary is one line: what failed, and while doing what. The detail is what Azure said, the likely cause, the
/// remedy, and the ids that Azure's support asks for. It is about no attribute until the caller says so.
#[must_use]
pub fn from_error(error: &Error, doing: &str) -> Diagnostic {
    let advice = advice(error);
    let title = match (advice, error) {
        (Some(advice), _) => advice.title.to_owned(),
        (None, error) => match error.service() {
            Some(error) => format!("Azure answered with {}", answer(error)),
            None => "Azure could not be used".to_owned(),
        },
    };
    let mut detail = String::new();
    facts(&mut detail, error);
    if matches!(error, Error::TimedOut { outcome_unknown: true, .. } | Error::Unconfirmed { .. }) {
        line(&mut detail, "The change may have been made all the same: plan again to see what Azure holds.");
    }
    if let Some(Advice { cause, remedy, .. }) = advice {
        paragraph(&mut detail, "Likely cause", cause);
        paragraph(&mut detail, "What to do", remedy);
    } else {
        paragraph(&mut detail, "What to do", service::UNKNOWN);
    }
    trace(&mut detail, error);
    Diagnostic::error(format!("{title} while {doing}"), detail.trim_end())
}

/// Explains that the provider has no method to log in with: why each of them is not one.
#[must_use]
pub fn no_credential(error: &NoCredential) -> Diagnostic {
    let mut detail = "No method to log in to Azure is configured completely. Looked at, in this order:\n".to_owned();
    others(&mut detail, &error.unused);
    paragraph(&mut detail, "What to do", local::NO_CREDENTIAL);
    Diagnostic::error("No credentials for Azure", detail.trim_end())
}

/// What is known about a failure: a heading, the likely cause, the remedy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Advice {
    /// Reads before " while reading the workspace".
    title: &'static str,
    cause: &'static str,
    remedy: &'static str,
}

/// The row of the tables for this error.
fn advice(error: &Error) -> Option<Advice> {
    match error {
        Error::Service(error) => service::advice(error),
        Error::Authentication(error) => match &error.problem {
            AuthenticationProblem::Refused { code: None, status: Some(429 | 500..=599), .. } => {
                Some(local::LOGIN_UNAVAILABLE)
            }
            AuthenticationProblem::Refused { code, .. } => Some(entra::advice(code.as_deref())),
            AuthenticationProblem::Unreachable { kind, .. } => Some(local::connection(*kind)),
            AuthenticationProblem::Local { .. } => Some(local::login(error)),
        },
        Error::Transport { kind, .. } => Some(local::connection(*kind)),
        // the reason of all the waiting is worth more than a word about time
        Error::TimedOut { last: Some(last), .. } => {
            Some(Advice { title: local::TIMED_OUT.title, ..advice(last).unwrap_or(local::TIMED_OUT) })
        }
        Error::TimedOut { last: None, .. } => Some(local::TIMED_OUT),
        Error::Throttled { .. } => Some(local::THROTTLED),
        Error::Unconfirmed { last } => advice(last),
        Error::Cancelled { outcome_unknown } => {
            Some(if *outcome_unknown { local::CANCELLED_WRITE } else { local::CANCELLED })
        }
        Error::InvalidResponse { .. } => Some(local::INVALID_RESPONSE),
        Error::ForeignHost { .. } => Some(local::FOREIGN_HOST),
        Error::Endpoint(_) => Some(local::ENDPOINT),
        Error::Setup { .. } => Some(local::SETUP),
    }
}

/// What happened, without opinion.
fn facts(detail: &mut String, error: &Error) {
    match error {
        Error::Service(error) => {
            line(detail, &format!("{}: {}", answer(error), error.message));
            for below in error.details.iter().take(10) {
                line(detail, &format!("  - {below}"));
            }
        }
        Error::Authentication(error) => login(detail, error),
        Error::Unconfirmed { last } => facts(detail, last),
        Error::TimedOut { last: Some(last), waited, .. } => {
            line(detail, &format!("The timeout passed after {}. Azure's last word:", human(*waited)));
            facts(detail, last);
        }
        Error::Throttled { until, last } => {
            let until = httpdate::fmt_http_date(*until);
            line(
                detail,
                &format!(
                    "Azure takes no further requests until {until}, which is later than this operation's timeout."
                ),
            );
            facts(detail, last);
        }
        other => line(detail, &sentence(&other.to_string())),
    }
}

fn login(detail: &mut String, error: &AuthenticationError) {
    line(detail, &sentence(&error.to_string()));
    if let Some(argument) = &error.argument {
        line(detail, &format!("Its value comes from {argument}."));
    }
    // the Azure CLI is what is left when nothing else is configured: say what the others miss
    if error.method == "Azure CLI" && !error.unused.is_empty() {
        line(detail, "It was tried because no other method is configured completely:");
        others(detail, &error.unused);
    }
}

fn others(detail: &mut String, unused: &[UnusedMethod]) {
    for other in unused {
        line(detail, &format!("  - {other}"));
    }
}

/// What Azure's support asks for.
fn trace(detail: &mut String, error: &Error) {
    let Some(error) = error.service() else { return };
    detail.push('\n');
    line(detail, &format!("Request: {} {}", error.method, error.path));
    if let Some(id) = &error.correlation_id {
        line(detail, &format!("Correlation id: {id}"));
    }
    if let Some(id) = &error.request_id {
        line(detail, &format!("Request id: {id}"));
    }
}

/// "403 AuthorizationFailed".
fn answer(error: &ServiceError) -> String {
    match &error.code {
        Some(code) => format!("{} {code}", error.status),
        None => error.status.to_string(),
    }
}

fn paragraph(detail: &mut String, heading: &str, text: &str) {
    let _ = write!(detail, "\n{heading}: {text}\n");
}

fn line(detail: &mut String, text: &str) {
    detail.push_str(text);
    detail.push('\n');
}

/// A fragment as a sentence: with a capital letter in front and a full stop behind.
fn sentence(fragment: &str) -> String {
    let mut characters = fragment.chars();
    let Some(first) = characters.next() else { return String::new() };
    let mut text: String = first.to_uppercase().chain(characters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
