//! Diagnostics for errors from Azure: what failed, Azure's response, the likely cause, and what to do.
//!
//! The tables of known codes and messages are in `known_errors.rs`, `entra.rs`, `local.rs` and `token_endpoint.rs`.
//! `incomplete.rs` names the settings that an authentication method lacks. `detail.rs` writes the
//! facts. This file combines an error and its row into a diagnostic.

mod common_advice;
mod detail;
mod entra;
mod incomplete;
mod known_errors;
mod local;
mod service;
mod token_endpoint;
mod wording;

use crate::azure::credential::{CertificateError, Interface, Method};
use crate::azure::{AuthenticationProblem, Error, ErrorDetail, NoCredential, UnusedMethod};
use crate::framework::Diagnostic;
use common_advice::LICENSE;
use detail::{facts, line, not_used, others, paragraph, sentence, status_and_code, trace, unused_methods, what_to_do};
use wording::render;

/// The diagnostic of a failed call. `activity` follows "Failed while", for example "reading the workspace".
///
/// The summary names the problem. The detail contains the activity, the response from Azure, the likely cause, the
/// remedy, and the IDs that Azure support needs. The diagnostic has no attribute until the caller sets one.
#[must_use]
pub fn from_error(error: &Error, activity: &str) -> Diagnostic {
    diagnostic(error, &failed_while(activity), Interface::Provider, advice(error), None)
}

/// Like [`from_error`], with this summary and this remedy instead of the usual cause and remedy.
#[must_use]
pub fn from_error_with_own_remedy(error: &Error, activity: &str, summary: &str, remedy: &str) -> Diagnostic {
    let mut detail = beginning(error, &failed_while(activity), Interface::Provider);
    what_to_do(&mut detail, &[], remedy);
    finish(summary, detail, error)
}

/// Like [`from_error`], with a more specific remedy, which is listed before the usual one.
#[must_use]
pub fn from_error_with_remedy(error: &Error, activity: &str, remedy: &str) -> Diagnostic {
    diagnostic(error, &failed_while(activity), Interface::Provider, advice(error), Some(remedy.to_owned()))
}

fn failed_while(activity: &str) -> String {
    format!("Failed while {activity}.")
}

fn diagnostic(
    error: &Error,
    lead: &str,
    interface: Interface,
    advice: Option<Advice>,
    remedy: Option<String>,
) -> Diagnostic {
    let incomplete = incomplete::method_before_the_azure_cli(error);
    let title = match (incomplete, advice, error) {
        (Some(method), ..) => incomplete::title(method),
        (None, Some(advice), _) => advice.title.to_owned(),
        (None, None, error) => match error.service() {
            Some(error) => format!("Azure returned an unexpected error: {}", status_and_code(error)),
            None => "The request to Azure failed".to_owned(),
        },
    };
    let raise = if is_about_timeout(error) { local::RAISE_TIMEOUT } else { "" };
    let specific: Vec<String> =
        incomplete.map(|method| incomplete::remedy(method, interface)).into_iter().chain(remedy).collect();
    let mut detail = beginning(error, lead, interface);
    if let Some(Advice { cause, remedy, .. }) = advice {
        let incomplete = incomplete.map(|method| sentence(&method.reason));
        paragraph(&mut detail, "Likely cause", &incomplete.unwrap_or_else(|| render(cause, interface)));
        what_to_do(&mut detail, &specific, &(render(remedy, interface) + raise));
    } else {
        what_to_do(&mut detail, &specific, &(render(common_advice::UNKNOWN, interface) + raise));
    }
    finish(&title, detail, error)
}

/// What failed and how, before the cause and the remedy.
fn beginning(error: &Error, lead: &str, interface: Interface) -> String {
    let mut detail = format!("{lead}\n");
    facts(&mut detail, error, interface);
    if matches!(error, Error::TimedOut { outcome_unknown: true, .. } | Error::Unconfirmed { .. }) {
        line(&mut detail, &render("{terraform:Run `terraform plan` to see whether Azure made the change.}", interface));
    }
    detail
}

/// The diagnostic with what is only for support and for other authentication methods.
fn finish(summary: &str, mut detail: String, error: &Error) -> Diagnostic {
    trace(&mut detail, error);
    unused_methods(&mut detail, error);
    Diagnostic {
        is_about_timeout: is_about_timeout(error),
        stops_all_requests: stops_all_requests(error),
        ..Diagnostic::error(summary, detail.trim_end())
    }
}

fn is_about_timeout(error: &Error) -> bool {
    error.time_limit().is_some_and(|limit| limit.is_adjustable)
}

/// Whether every other request fails too, because the provider cannot authenticate or reach Azure.
fn stops_all_requests(error: &Error) -> bool {
    match error {
        Error::Authentication(_)
        | Error::Transport { .. }
        | Error::Cancelled { .. }
        | Error::Endpoint(_)
        | Error::Environment { .. }
        | Error::Setup { .. } => true,
        Error::Service(error) => error.status == 401 && service::advice(error).is_none_or(|advice| advice != LICENSE),
        Error::TimedOut { last: Some(last), .. } | Error::Throttled { last, .. } | Error::Unconfirmed { last } => {
            stops_all_requests(last)
        }
        Error::TimedOut { last: None, .. }
        | Error::MorePages { .. }
        | Error::InvalidResponse { .. }
        | Error::ForeignHost { .. } => false,
    }
}

/// What to do about an error whose cause is known.
#[must_use]
pub fn remedy(error: &Error) -> Option<String> {
    advice(error).map(|advice| render(advice.remedy, Interface::Provider))
}

/// The likely cause and the remedy of the first known error in `details`, as paragraphs. Empty if no error is known.
#[must_use]
pub fn explain(details: &[ErrorDetail]) -> String {
    let mut text = String::new();
    if let Some(Advice { cause, remedy, .. }) = service::of_details(details) {
        paragraph(&mut text, "Likely cause", &render(cause, Interface::Provider));
        paragraph(&mut text, "What to do", &render(remedy, Interface::Provider));
    }
    text
}

/// The diagnostic of a call that Azure rejected because a role is missing, or `None` for another error.
#[must_use]
pub fn missing_role(error: &Error, activity: &str) -> Option<Diagnostic> {
    error.service().filter(|service| service.is_missing_role())?;
    let lead = format!("Azure denied access while the provider was {activity}.");
    Some(diagnostic(error, &lead, Interface::Provider, advice(error), None))
}

/// The diagnostic for missing credentials. It explains why the provider cannot use each method.
#[must_use]
pub fn no_credential(error: &NoCredential, interface: Interface) -> Diagnostic {
    let mut detail = "No authentication method is configured completely. Checked in this order:\n".to_owned();
    others(&mut detail, &error.unused);
    let nearest = incomplete::nearest(&error.unused);
    let remedy = nearest.map(|method| incomplete::remedy(method, interface));
    what_to_do(&mut detail, &[], &remedy.unwrap_or_else(|| render(local::NO_CREDENTIAL, interface)));
    let title = nearest.map_or_else(|| "No credentials for Azure".to_owned(), incomplete::title);
    Diagnostic::error(title, detail.trim_end())
}

/// The diagnostic for a client certificate that cannot be used.
#[must_use]
pub fn unusable_certificate(error: &CertificateError, unused: &[UnusedMethod], interface: Interface) -> Diagnostic {
    let mut detail = String::new();
    line(&mut detail, &sentence(&error.to_string()));
    if let Some(origin) = &error.origin {
        line(&mut detail, &format!("The value was read from {origin}."));
    }
    paragraph(&mut detail, "What to do", &render(local::CLIENT_CERTIFICATE.remedy, interface));
    not_used(&mut detail, unused);
    Diagnostic::error(local::CLIENT_CERTIFICATE.title, detail.trim_end())
}

/// The diagnostic for a client certificate whose check timed out or was canceled.
#[must_use]
pub fn unchecked_certificate(error: &Error, interface: Interface) -> Diagnostic {
    let is_late = matches!(error, Error::TimedOut { .. });
    let advice = if is_late { Some(local::CERTIFICATE_TIMED_OUT) } else { advice(error) };
    diagnostic(error, &failed_while("checking the client certificate"), interface, advice, None)
}

/// The diagnostic for settings whose reading timed out or was canceled.
#[must_use]
pub fn unread_settings(error: &Error, interface: Interface) -> Diagnostic {
    let is_late = matches!(error, Error::TimedOut { .. });
    let advice = if is_late { Some(local::SETTINGS_TIMED_OUT) } else { advice(error) };
    diagnostic(error, &failed_while("reading the settings of the provider"), interface, advice, None)
}

/// The diagnostic of a call during the configuration of the provider, where no `timeouts` block applies.
#[must_use]
pub fn while_configuring(error: &Error, activity: &str, interface: Interface) -> Diagnostic {
    let is_late = matches!(error, Error::TimedOut { .. } | Error::Throttled { .. });
    let advice = if is_late { Some(local::CONFIGURING_TIMED_OUT) } else { advice(error) };
    diagnostic(error, &failed_while(activity), interface, advice, None)
}

/// The diagnostic of a call by one of the provider's own commands, which have no apply and no `timeouts` block.
#[must_use]
pub fn of_command(error: &Error, activity: &str) -> Diagnostic {
    let is_late = matches!(error, Error::TimedOut { next_wait: None, .. });
    let advice = if is_late { Some(local::COMMAND_TIMED_OUT) } else { advice(error) };
    diagnostic(error, &failed_while(activity), Interface::Command, advice, None)
}

/// The summary, the likely cause and the remedy of a known failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Advice {
    /// The summary of the diagnostic.
    title: &'static str,
    /// The likely cause, with the placeholders of `wording.rs`.
    cause: &'static str,
    /// What to do, with the placeholders of `wording.rs`.
    remedy: &'static str,
}

/// The row of the tables for this error.
fn advice(error: &Error) -> Option<Advice> {
    match error {
        Error::Service(error) => service::advice(error),
        Error::Authentication(error) => match &error.problem {
            AuthenticationProblem::Rejected { code: None, status: Some(429 | 500..=599), .. } => {
                Some(local::ENTRA_UNAVAILABLE)
            }
            AuthenticationProblem::Rejected { code, .. } => {
                let has_certificate = error.identity.as_ref().is_some_and(|identity| identity.certificate.is_some());
                Some(entra::advice(code.as_deref(), error.method, has_certificate))
            }
            AuthenticationProblem::NotIssued { status, .. } => Some(token_endpoint::advice(error.method, *status)),
            AuthenticationProblem::Unusable { .. } => Some(local::UNUSABLE_TOKEN),
            AuthenticationProblem::Unreachable { .. } if error.method == Method::MANAGED_IDENTITY => {
                Some(token_endpoint::NO_ENDPOINT)
            }
            AuthenticationProblem::Unreachable { kind, .. } => Some(local::connection(*kind)),
            AuthenticationProblem::Local { .. } => Some(local::authentication(error)),
        },
        Error::Transport { kind, .. } => Some(local::connection(*kind)),
        // The last error explains more than the timeout itself.
        Error::TimedOut { last, next_wait, .. } => {
            let own = if next_wait.is_some() { local::NO_TIME_TO_RETRY } else { local::TIMED_OUT };
            Some(Advice { title: own.title, ..last.as_deref().and_then(advice).unwrap_or(own) })
        }
        Error::Throttled { last, .. } if last.service().is_some_and(|service| service.status == 429) => {
            Some(local::THROTTLED)
        }
        Error::Throttled { last, .. } => {
            let own = local::NO_TIME_TO_RETRY;
            Some(Advice { title: own.title, ..advice(last).unwrap_or(own) })
        }
        Error::Unconfirmed { last } => advice(last),
        Error::Cancelled { outcome_unknown } => {
            Some(if *outcome_unknown { local::CANCELLED_WRITE } else { local::CANCELLED })
        }
        Error::MorePages { .. } => Some(local::MORE_PAGES),
        Error::InvalidResponse { .. } => Some(local::INVALID_RESPONSE),
        Error::ForeignHost { .. } => Some(local::FOREIGN_HOST),
        Error::Endpoint(_) => Some(local::ENDPOINT),
        Error::Environment { .. } => Some(local::ENVIRONMENT),
        Error::Setup { .. } => Some(local::SETUP),
    }
}

#[cfg(test)]
mod tests;
