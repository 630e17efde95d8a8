//! The choice of the login method, and a reason for each method that is not chosen.
//!
//! The level of the settings decides first: what the provider block asks for wins over `ARM_*` variables. On the same
//! level, the order of [`ORDER`] decides.

use super::access_token::AccessToken;
use super::azure_cli::AzureCli;
use super::client_certificate::ClientCertificate;
use super::client_secret::ClientSecret;
use super::dev_cli::DevCli;
use super::managed_identity::ManagedIdentity;
use super::method::Method;
use super::oidc::{Oidc, consider};
use super::powershell::PowerShell;
use super::setting::Level;
use super::settings::Settings;
use super::verdict::Verdict;
use crate::azure::error::{NoCredential, Unused, UnusedMethod, the};

/// A method and what the settings say about it. The guide "Authenticate to Azure" has the same table.
type Row = (&'static str, fn(&Settings) -> Verdict<Method>);

const ORDER: &[Row] = &[
    (ClientCertificate::NAME, |settings| ClientCertificate::consider(settings).map(Method::ClientCertificate)),
    (ClientSecret::NAME, |settings| ClientSecret::consider(settings).map(Method::ClientSecret)),
    (Oidc::TOKEN, |settings| consider::token(settings).map(Method::Oidc)),
    (Oidc::AKS, |settings| consider::aks(settings).map(Method::Oidc)),
    (Oidc::AZURE_DEVOPS, |settings| consider::azure_devops(settings).map(Method::Oidc)),
    (Oidc::GITHUB, |settings| consider::github(settings).map(Method::Oidc)),
    (ManagedIdentity::NAME, |settings| ManagedIdentity::consider(settings).map(Method::ManagedIdentity)),
    (AccessToken::NAME, |settings| AccessToken::consider(settings).map(Method::AccessToken)),
    (DevCli::NAME, |settings| DevCli::consider(settings).map(Method::DevCli)),
    (PowerShell::NAME, |settings| PowerShell::consider(settings).map(Method::PowerShell)),
    (AzureCli::NAME, |settings| AzureCli::consider(settings).map(Method::AzureCli)),
];

/// The method to use, and why the others are not used.
///
/// A method that the user asks for and that cannot be used blocks those of later levels: they could log in as another
/// identity. Only the Azure CLI, which nobody asks for, may still be used if a method is incomplete, as in azurerm.
pub(super) fn select(settings: &Settings) -> Result<(Method, Vec<UnusedMethod>), NoCredential> {
    let verdicts: Vec<_> = ORDER.iter().map(|(name, consider)| (*name, consider(settings))).collect();
    let winner = winner(&verdicts);
    let mut chosen = None;
    let mut unused = Vec::new();
    for (name, verdict) in verdicts {
        let outranked =
            winner.filter(|winner| *winner != name).map(|winner| format!("{} takes precedence", the(winner)));
        let (reason, why) = match (verdict, outranked) {
            (Verdict::Use { method, .. }, None) if winner == Some(name) => {
                chosen = Some(method);
                continue;
            }
            // The Azure CLI is a default, not a configuration of the user.
            (Verdict::Use { level: Level::Default, .. }, Some(reason)) if settings.use_cli.is_none() => {
                (reason, Unused::NotConfigured)
            }
            (Verdict::Use { .. } | Verdict::Unusable { .. }, Some(reason)) => (reason, Unused::Outranked),
            (Verdict::Use { .. }, None) => (
                "a method that the provider block or an earlier variable asks for is incomplete".to_owned(),
                Unused::Outranked,
            ),
            (Verdict::Unusable { reason, .. }, None) => (reason, Unused::Unusable),
            (Verdict::NotConfigured(reason), _) => (reason, Unused::NotConfigured),
            (Verdict::Incomplete { reason, missing, .. }, _) => (reason, Unused::Incomplete { missing }),
        };
        unused.push(UnusedMethod { method: name, reason, why });
    }
    match chosen {
        Some(method) => Ok((method, unused)),
        None => Err(NoCredential { unused }),
    }
}

/// The method of the earliest level, unless a method of an even earlier level is incomplete.
fn winner(verdicts: &[(&'static str, Verdict<Method>)]) -> Option<&'static str> {
    let ranked = verdicts.iter().filter_map(|(name, verdict)| match verdict {
        Verdict::Use { level, .. } | Verdict::Unusable { level, .. } => Some((*level, *name)),
        Verdict::NotConfigured(_) | Verdict::Incomplete { .. } => None,
    });
    let (level, name) = ranked.min_by_key(|(level, _)| *level)?;
    let is_blocked = verdicts.iter().any(|(_, verdict)| {
        matches!(verdict, Verdict::Incomplete { level: earlier, .. } if *earlier < level && level != Level::Default)
    });
    (!is_blocked).then_some(name)
}

#[cfg(test)]
mod tests;
