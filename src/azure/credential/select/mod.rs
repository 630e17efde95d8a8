//! The choice of the login method: a fixed order of precedence, and a reason for each method that is not chosen.

use super::azure_cli::AzureCli;
use super::client_secret::ClientSecret;
use super::method::Method;
use super::oidc::Oidc;
use super::settings::{Setting, Settings};
use super::verdict::{Verdict, missing};
use crate::azure::error::{NoCredential, UnusedMethod};

/// A method and what the settings say about it.
type Row = (&'static str, fn(&Settings) -> Verdict<Method>);

const ORDER: &[Row] = &[
    ("client certificate", certificate),
    (ClientSecret::NAME, |settings| ClientSecret::consider(settings).map(Method::ClientSecret)),
    (Oidc::TOKEN, |settings| Oidc::consider_token(settings).map(Method::Oidc)),
    (Oidc::TOKEN_FILE, |settings| Oidc::consider_token_file(settings).map(Method::Oidc)),
    ("OIDC token of an Azure DevOps pipeline", azure_devops),
    ("OIDC token of a GitHub workflow", github),
    ("AKS workload identity", aks),
    ("managed identity", managed_identity),
    (AzureCli::NAME, |settings| AzureCli::consider(settings).map(Method::AzureCli)),
];

/// The first method that is configured completely, and why the others are not used.
///
/// If the user configures a method that this version does not support, no later method is used: it could log in as
/// another identity.
pub(super) fn select(settings: &Settings) -> Result<(Method, Vec<UnusedMethod>), NoCredential> {
    let mut chosen: Option<Method> = None;
    let mut blocked: Option<&'static str> = None;
    let mut unused = Vec::new();
    for (name, consider) in ORDER {
        let verdict = consider(settings);
        let (reason, configured) = match (verdict, &chosen, blocked) {
            (Verdict::Missing(reason), ..) => (reason, false),
            (Verdict::Unsupported(reason), None, _) => {
                blocked = blocked.or(Some(name));
                (reason, true)
            }
            (Verdict::Unsupported(_) | Verdict::Use(_), Some(first), _) => {
                (format!("the {} takes precedence", first.name()), true)
            }
            (Verdict::Use(_), None, Some(first)) => (format!("the {first} takes precedence"), true),
            (Verdict::Use(method), None, None) => {
                chosen = Some(method);
                continue;
            }
        };
        // The Azure CLI is a default, not a configuration of the user.
        let configured = configured && (*name != AzureCli::NAME || settings.use_cli.is_some());
        unused.push(UnusedMethod { method: name, reason, configured });
    }
    match chosen {
        Some(method) => Ok((method, unused)),
        None => Err(NoCredential { unused }),
    }
}

fn certificate(settings: &Settings) -> Verdict<Method> {
    let given = Settings::secret(&settings.client_certificate).map(|setting| &setting.source);
    match given.or_else(|| Settings::text(&settings.client_certificate_path).map(|setting| &setting.source)) {
        Some(source) => unsupported(source),
        None => Verdict::Missing("neither client_certificate nor client_certificate_path is set".to_owned()),
    }
}

fn azure_devops(settings: &Settings) -> Verdict<Method> {
    if !Settings::flag(&settings.use_oidc, false) {
        return Verdict::Missing("use_oidc is not true".to_owned());
    }
    let (url, connection) = (&settings.oidc_request_url, &settings.oidc_azure_service_connection_id);
    match (Settings::text(connection), Settings::text(url)) {
        (Some(connection), Some(_)) => unsupported(&connection.source),
        (connection, url) => Verdict::Missing(missing(&[
            ("ado_pipeline_service_connection_id", connection.is_some()),
            ("oidc_request_url", url.is_some()),
        ])),
    }
}

fn github(settings: &Settings) -> Verdict<Method> {
    if !Settings::flag(&settings.use_oidc, false) {
        return Verdict::Missing("use_oidc is not true".to_owned());
    }
    let (url, token) = (Settings::text(&settings.oidc_request_url), Settings::secret(&settings.oidc_request_token));
    match (url, token) {
        (Some(url), Some(_)) => unsupported(&url.source),
        (url, token) => {
            Verdict::Missing(missing(&[("oidc_request_url", url.is_some()), ("oidc_request_token", token.is_some())]))
        }
    }
}

fn aks(settings: &Settings) -> Verdict<Method> {
    match &settings.use_aks_workload_identity {
        Some(Setting { value: true, source }) => unsupported(source),
        _ => Verdict::Missing("use_aks_workload_identity is not true".to_owned()),
    }
}

fn managed_identity(settings: &Settings) -> Verdict<Method> {
    match &settings.use_msi {
        Some(Setting { value: true, source }) => unsupported(source),
        _ => Verdict::Missing("use_msi is not true".to_owned()),
    }
}

fn unsupported(source: &str) -> Verdict<Method> {
    Verdict::Unsupported(format!(
        "{source} selects it, but this version of the provider does not support it; use a client secret or an OIDC token \
         (use_oidc with oidc_token or oidc_token_file_path; the guide \"Log in to Azure\" shows how a pipeline gets one), or \
         remove {source} to use the Azure CLI"
    ))
}

#[cfg(test)]
mod tests;
