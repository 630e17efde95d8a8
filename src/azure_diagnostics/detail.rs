//! The parts of a diagnostic's detail: what Azure returned, what the provider sent, and what to do.

use std::fmt::Write as _;

use super::entra;
use super::wording::render;
use crate::azure::credential::{Interface, Method};
use crate::azure::{
    AuthenticationError, CertificateFacts, Error, IdentityDetails, ServiceError, UnusedMethod, capitalized, human,
};

/// Writes the error and its details, without an interpretation.
pub(super) fn facts(detail: &mut String, error: &Error, interface: Interface) {
    match error {
        Error::Service(error) => {
            line(detail, &format!("{}: {}", status_and_code(error), error.message));
            for policy in &error.policies {
                line(detail, &format!("  - {policy}"));
            }
            for nested in error.details.iter().take(10) {
                line(detail, &format!("  - {nested}"));
            }
            if let Some(awaited) = error.awaited_role.filter(|awaited| awaited.as_secs() > 0) {
                let awaited = human(awaited);
                line(
                    detail,
                    &format!(
                        "The provider repeated the request for {awaited}, because a new role assignment takes time to \
                         take effect. The permission is still missing."
                    ),
                );
            }
            if let (401, Some(clock)) = (error.status, error.clock_error) {
                line(detail, &format!("The clock of this machine is {clock}."));
            }
        }
        Error::Authentication(error) => authentication(detail, error, interface),
        Error::Unconfirmed { last } => facts(detail, last, interface),
        Error::TimedOut { last: Some(last), waited, limit, next_wait, .. } => {
            line(detail, &format!("{} The last response from Azure:", sentence(&limit.exceeded(*waited, *next_wait))));
            facts(detail, last, interface);
        }
        Error::Throttled { until, limit, last } => {
            let (until, limit) = (httpdate::fmt_http_date(*until), human(limit.duration));
            line(
                detail,
                &format!("Azure accepts no further requests until {until}. That is after the time limit of {limit}."),
            );
            facts(detail, last, interface);
        }
        other => line(detail, &sentence(&other.to_string())),
    }
}

fn authentication(detail: &mut String, error: &AuthenticationError, interface: Interface) {
    line(detail, &sentence(&error.to_string()));
    if let Some(argument) = &error.origin {
        line(detail, &format!("The value was read from {argument}."));
    }
    if let Some(identity) = &error.identity {
        about_identity(detail, identity, error.code(), interface);
    }
    // The Azure CLI is the fallback, so explain why the provider did not use another method.
    if error.method == Method::AZURE_CLI && !error.unused.is_empty() {
        line(detail, "The provider tried it because no other method is configured completely:");
        others(detail, &error.unused);
    }
}

/// Writes the methods that were not used, if another method than the fallback failed.
pub(super) fn unused_methods(detail: &mut String, error: &Error) {
    match error {
        Error::Authentication(error) if error.method != Method::AZURE_CLI && !error.unused.is_empty() => {
            not_used(detail, &error.unused);
        }
        Error::Unconfirmed { last } | Error::TimedOut { last: Some(last), .. } => unused_methods(detail, last),
        _ => {}
    }
}

pub(super) fn not_used(detail: &mut String, unused: &[UnusedMethod]) {
    detail.push('\n');
    line(detail, "Authentication methods that are not used:");
    others(detail, unused);
}

/// Writes what the provider sent to Microsoft Entra, and what the application must accept.
fn about_identity(detail: &mut String, identity: &IdentityDetails, code: Option<&str>, interface: Interface) {
    let IdentityDetails { tenant_id, client_id, assertion, certificate, secret_flaw } = identity;
    if let (Some(certificate), Some(code)) = (certificate, code) {
        about_certificate(detail, certificate, client_id, code);
    }
    if let (Some(claims), true) = (assertion, code.is_some_and(entra::is_about_federation)) {
        let is_about_time = code == Some(entra::OUTSIDE_VALIDITY);
        line(detail, "The OIDC token contains:");
        if !is_about_time {
            line(detail, &format!("  - issuer: {}", claims.issuer));
            line(detail, &format!("  - subject: {}", claims.subject));
            line(detail, &format!("  - audience: {}", claims.audience));
        }
        let times = [("valid from", claims.valid_from), ("valid until", claims.valid_until)];
        for (name, time) in times.into_iter().filter_map(|(name, time)| Some((name, time?))) {
            line(detail, &format!("  - {name}: {}", httpdate::fmt_http_date(time)));
        }
        if !is_about_time {
            line(
                detail,
                &format!(
                    "The application with {} {client_id} in tenant {tenant_id} must have a federated credential \
                     with exactly this issuer, subject and audience. Upper-case and lower-case letters are different. \
                     The usual audience is api://AzureADTokenExchange. To list its credentials: \
                     `az ad app federated-credential list --id {client_id}`.",
                    interface.name("client_id"),
                ),
            );
        }
    }
    if let (Some(flaw), Some("AADSTS7000215")) = (secret_flaw, code) {
        line(detail, &render(entra::explain_flaw(*flaw), interface));
    }
}

/// Writes the thumbprint of the certificate, and how to list the certificates of the application.
fn about_certificate(detail: &mut String, certificate: &CertificateFacts, client_id: &str, code: &str) {
    if !entra::is_about_certificate(code) {
        return;
    }
    let CertificateFacts { thumbprint, not_after, has_elliptic_curve } = certificate;
    line(
        detail,
        &format!(
            "The certificate has the thumbprint {thumbprint} and expires at {not_after}. To list the certificates of the \
             application: `az ad app credential list --cert --id {client_id}`."
        ),
    );
    if *has_elliptic_curve {
        line(
            detail,
            "Its key is on an elliptic curve. Microsoft documents that Entra accepts only RSA keys of applications. \
             Create a certificate with an RSA key.",
        );
    }
}

pub(super) fn others(detail: &mut String, unused: &[UnusedMethod]) {
    for other in unused {
        line(detail, &format!("  - {other}"));
    }
}

/// Writes the request and the IDs that Azure support needs.
pub(super) fn trace(detail: &mut String, error: &Error) {
    let Some(error) = error.service() else { return };
    detail.push('\n');
    line(detail, &format!("Request: {} {}", error.method, error.path));
    if let Some(id) = &error.correlation_id {
        line(detail, &format!("Correlation ID: {id}"));
    }
    if let Some(id) = &error.request_id {
        line(detail, &format!("Request ID: {id}"));
    }
}

/// "403 AuthorizationFailed".
pub(super) fn status_and_code(error: &ServiceError) -> String {
    match &error.code {
        Some(code) => format!("{} {code}", error.status),
        None => error.status.to_string(),
    }
}

/// Writes the remedies that are specific to this failure, and then the usual one.
pub(super) fn what_to_do(detail: &mut String, specific: &[String], usual: &str) {
    if specific.is_empty() {
        return paragraph(detail, "What to do", usual);
    }
    detail.push_str("\nWhat to do:\n");
    for remedy in specific.iter().map(String::as_str).chain([usual]) {
        line(detail, &format!("  - {remedy}"));
    }
}

pub(super) fn paragraph(detail: &mut String, heading: &str, text: &str) {
    let _ = write!(detail, "\n{heading}: {text}\n");
}

pub(super) fn line(detail: &mut String, text: &str) {
    detail.push_str(text);
    detail.push('\n');
}

/// Turns a fragment into a sentence with a capital letter and a full stop.
pub(super) fn sentence(fragment: &str) -> String {
    let mut text = capitalized(fragment);
    if !text.is_empty() && !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}
