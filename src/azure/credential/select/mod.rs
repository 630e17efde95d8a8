//! The choice of the login method, and a reason for each method that is not chosen.
//!
//! The level of the settings decides first: what the provider block asks for wins over `ARM_*` variables. On the same
//! level, the order of [`ORDER`] decides.

use super::azure_cli::AzureCli;
use super::client_secret::ClientSecret;
use super::method::Method;
use super::oidc::Oidc;
use super::settings::{Level, Settings, Source};
use super::verdict::{Verdict, not_set};
use crate::azure::error::{NoCredential, Unused, UnusedMethod};

/// A method and what the settings say about it.
type Row = (&'static str, fn(&Settings) -> Verdict<Method>);

const ORDER: &[Row] = &[
    ("client certificate", certificate),
    (ClientSecret::NAME, |settings| ClientSecret::consider(settings).map(Method::ClientSecret)),
    (Oidc::TOKEN, |settings| Oidc::consider(settings).map(Method::Oidc)),
    ("OIDC token of an Azure DevOps pipeline", azure_devops),
    ("OIDC token of a GitHub workflow", github),
    ("AKS workload identity", aks),
    ("managed identity", managed_identity),
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
        let outranked = winner.filter(|winner| *winner != name).map(|winner| format!("the {winner} takes precedence"));
        let (reason, why) = match (verdict, outranked) {
            (Verdict::Use { method, .. }, None) if winner == Some(name) => {
                chosen = Some(method);
                continue;
            }
            // The Azure CLI is a default, not a configuration of the user.
            (Verdict::Use { level: Level::Default, .. }, Some(reason)) if settings.use_cli.is_none() => {
                (reason, Unused::NotConfigured)
            }
            (Verdict::Use { .. } | Verdict::Unsupported { .. }, Some(reason)) => (reason, Unused::Outranked),
            (Verdict::Use { .. }, None) => (
                "a method that the provider block or an earlier variable asks for is incomplete".to_owned(),
                Unused::Outranked,
            ),
            (Verdict::Unsupported { reason, .. }, None) => (reason, Unused::Unsupported),
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
        Verdict::Use { level, .. } | Verdict::Unsupported { level, .. } => Some((*level, *name)),
        Verdict::NotConfigured(_) | Verdict::Incomplete { .. } => None,
    });
    let (level, name) = ranked.min_by_key(|(level, _)| *level)?;
    let is_blocked = verdicts.iter().any(|(_, verdict)| {
        matches!(verdict, Verdict::Incomplete { level: earlier, .. } if *earlier < level && level != Level::Default)
    });
    (!is_blocked).then_some(name)
}

fn certificate(settings: &Settings) -> Verdict<Method> {
    let given = Settings::secret(&settings.client_certificate).map(|setting| &setting.source);
    match given.or_else(|| Settings::text(&settings.client_certificate_path).map(|setting| &setting.source)) {
        Some(source) => unsupported(source, source.level()),
        None => Verdict::NotConfigured("neither `client_certificate` nor `client_certificate_path` is set".to_owned()),
    }
}

fn azure_devops(settings: &Settings) -> Verdict<Method> {
    requested_token(settings, "ado_pipeline_service_connection_id", |settings| {
        Settings::text(&settings.oidc_azure_service_connection_id).map(|setting| &setting.source)
    })
}

fn github(settings: &Settings) -> Verdict<Method> {
    requested_token(settings, "oidc_request_token", |settings| {
        Settings::secret(&settings.oidc_request_token).map(|setting| &setting.source)
    })
}

/// A method that requests the OIDC token from `oidc_request_url`, with this other setting.
fn requested_token(
    settings: &Settings,
    name: &'static str,
    other: fn(&Settings) -> Option<&Source>,
) -> Verdict<Method> {
    let Some(flag) = Settings::enabled(&settings.use_oidc) else {
        return Verdict::NotConfigured("`use_oidc` is not true".to_owned());
    };
    match (Settings::text(&settings.oidc_request_url), other(settings)) {
        (Some(_), Some(source)) => unsupported(source, flag.source.level().min(source.level())),
        (url, other) => {
            let missing = [("oidc_request_url", url.is_none()), (name, other.is_none())];
            let missing: Vec<_> = missing.into_iter().filter_map(|(name, none)| none.then_some(name)).collect();
            Verdict::NotConfigured(not_set(&missing))
        }
    }
}

fn aks(settings: &Settings) -> Verdict<Method> {
    match Settings::enabled(&settings.use_aks_workload_identity) {
        Some(flag) => unsupported(&flag.source, flag.source.level()),
        None => Verdict::NotConfigured("`use_aks_workload_identity` is not true".to_owned()),
    }
}

fn managed_identity(settings: &Settings) -> Verdict<Method> {
    match Settings::enabled(&settings.use_msi) {
        Some(flag) => unsupported(&flag.source, flag.source.level()),
        None => Verdict::NotConfigured("`use_msi` is not true".to_owned()),
    }
}

fn unsupported(source: &Source, level: Level) -> Verdict<Method> {
    let reason = format!(
        "{source} selects it, but this version of the provider does not support it; use a client secret or an OIDC token \
         (`use_oidc` with `oidc_token` or `oidc_token_file_path`; the guide \"Log in to Azure\" shows how a pipeline \
         gets one), or remove {source} to use the Azure CLI"
    );
    Verdict::Unsupported { reason, level }
}

#[cfg(test)]
mod tests;
