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
use super::setting::{Interface, Level};
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
        let outranked = preferred
            .filter(|preferred| *preferred != name)
            .map(|preferred| format!("{} takes precedence", with_article(preferred)));
        let (reason, why) = match (availability, outranked) {
            (Availability::Available { method, .. }, None) if preferred == Some(name) => {
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
            (Availability::Available { .. }, None) => {
                (incomplete_method(settings.interface).to_owned(), Unused::Outranked)
            }
            (Availability::Unusable { reason, .. }, None) => (reason, Unused::Unusable),
            (Availability::NotConfigured(reason), _) => (reason, Unused::NotConfigured),
            (Availability::Incomplete { reason, missing, .. }, _) => (reason, Unused::Incomplete { missing }),
        };
        unused.push(UnusedMethod { method: name, reason, why });
    }
    match chosen {
        Some(method) => Ok((method, unused)),
        None => Err(NoCredential { unused }),
    }
}

const fn incomplete_method(interface: Interface) -> &'static str {
    match interface {
        Interface::Provider => "a method that the provider block or an earlier variable asks for is incomplete",
        Interface::Command => "a method that an earlier variable asks for is incomplete",
    }
}

/// The method of the earliest level. `None` if a method of an even earlier level is incomplete.
fn preferred(candidates: &[(&'static str, Availability<Method>)]) -> Option<&'static str> {
    let ranked = candidates.iter().filter_map(|(name, availability)| match availability {
        Availability::Available { level, .. } | Availability::Unusable { level, .. } => Some((*level, *name)),
        Availability::NotConfigured(_) | Availability::Incomplete { .. } => None,
    });
    let (level, name) = ranked.min_by_key(|(level, _)| *level)?;
    let is_blocked = candidates.iter().any(|(_, availability)| {
        matches!(availability, Availability::Incomplete { level: earlier, .. } if *earlier < level && level != Level::Default)
    });
    (!is_blocked).then_some(name)
}

#[cfg(test)]
mod tests;
