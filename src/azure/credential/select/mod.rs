//! Selects the authentication method, and gives a reason for each method that is not used.
//!
//! Methods that the provider block configures take precedence over those of `ARM_*` variables. On the same level,
//! [`ORDER`] decides.

use super::availability::Availability;
use super::azure_cli::AzureCli;
use super::client_certificate::ClientCertificate;
use super::client_secret::ClientSecret;
use super::dev_cli::DevCli;
use super::environment_token::EnvironmentToken;
use super::managed_identity::ManagedIdentity;
use super::method::Method;
use super::oidc::{Oidc, methods};
use super::powershell::PowerShell;
use super::setting::Level;
use super::settings::Settings;
use crate::azure::error::{NoCredential, Unused, UnusedMethod, with_article};

/// A method and the function that reads its settings.
type Row = (&'static str, fn(&Settings) -> Availability<Method>);

/// The methods in the order of precedence. The guide "Authenticate to Azure" has the same table.
const ORDER: &[Row] = &[
    (ClientCertificate::NAME, |settings| ClientCertificate::from_settings(settings).map(Method::ClientCertificate)),
    (ClientSecret::NAME, |settings| ClientSecret::from_settings(settings).map(Method::ClientSecret)),
    (Oidc::TOKEN, |settings| methods::token(settings).map(Method::Oidc)),
    (Oidc::AKS, |settings| methods::aks(settings).map(Method::Oidc)),
    (Oidc::AZURE_DEVOPS, |settings| methods::azure_devops(settings).map(Method::Oidc)),
    (Oidc::GITHUB, |settings| methods::github(settings).map(Method::Oidc)),
    (ManagedIdentity::NAME, |settings| ManagedIdentity::from_settings(settings).map(Method::ManagedIdentity)),
    (EnvironmentToken::NAME, |settings| EnvironmentToken::from_settings(settings).map(Method::EnvironmentToken)),
    (DevCli::NAME, |settings| DevCli::from_settings(settings).map(Method::DevCli)),
    (PowerShell::NAME, |settings| PowerShell::from_settings(settings).map(Method::PowerShell)),
    (AzureCli::NAME, |settings| AzureCli::from_settings(settings).map(Method::AzureCli)),
];

/// Selects the method to use, and gives the reasons why the others are not used.
///
/// A method that the user selects, but that is not usable, blocks methods of later levels, which could use another
/// identity. As in azurerm, an incomplete method does not block the Azure CLI.
pub(super) fn select(settings: &Settings) -> Result<(Method, Vec<UnusedMethod>), NoCredential> {
    let candidates: Vec<_> = ORDER.iter().map(|(name, from_settings)| (*name, from_settings(settings))).collect();
    let preferred = preferred(&candidates);
    let mut chosen = None;
    let mut unused = Vec::new();
    for (name, availability) in candidates {
        let ignored = match &preferred {
            Ok(preferred) if *preferred == Some(name) => None,
            Ok(preferred) => preferred.map(|preferred| format!("{} takes precedence", with_article(preferred))),
            Err(blocked) => Some(blocked.clone()),
        };
        let (reason, why) = match (availability, ignored) {
            // No other method is preferred.
            (Availability::Available { method, .. }, None) => {
                chosen = Some(method);
                continue;
            }
            // The user has not configured the Azure CLI, which is a default.
            (Availability::Available { level: Level::Default, .. }, Some(reason)) if settings.use_cli.is_none() => {
                (reason, Unused::NotConfigured)
            }
            (Availability::Available { .. } | Availability::Unusable { .. }, Some(reason)) => {
                (reason, Unused::Outranked)
            }
            (Availability::Unusable { reason, .. }, None) => (reason, Unused::Unusable),
            (Availability::NotConfigured(reason), _) => (reason, Unused::NotConfigured),
            (Availability::Incomplete { because, problem, missing, .. }, _) => {
                (format!("{because}, but {problem}"), Unused::Incomplete { missing })
            }
        };
        unused.push(UnusedMethod { method: name, reason, why });
    }
    match chosen {
        Some(method) => Ok((method, unused)),
        None => Err(NoCredential { unused }),
    }
}

/// The method of the earliest level. If a method of an even earlier level is incomplete: why the others are ignored.
fn preferred(candidates: &[(&'static str, Availability<Method>)]) -> Result<Option<&'static str>, String> {
    let ranked = candidates.iter().filter_map(|(name, availability)| match availability {
        Availability::Available { level, .. } | Availability::Unusable { level, .. } => Some((*level, *name)),
        Availability::NotConfigured(_) | Availability::Incomplete { .. } => None,
    });
    let Some((level, name)) = ranked.min_by_key(|(level, _)| *level) else { return Ok(None) };
    let blocking = candidates.iter().find_map(|(_, availability)| match availability {
        Availability::Incomplete { because, level: earlier, .. } if *earlier < level && level != Level::Default => {
            Some(because)
        }
        _ => None,
    });
    match blocking {
        None => Ok(Some(name)),
        Some(because) => {
            Err(format!("ignored on purpose, because {because}: the provider does not use another identity instead"))
        }
    }
}

#[cfg(test)]
mod tests;
