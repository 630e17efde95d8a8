//! Which method of logging in is used: a fixed order over the settings, with a reason for everyone that is not.

use std::fmt;

use super::azure_cli::AzureCli;
use super::client_secret::ClientSecret;
use super::method::Method;
use super::oidc::Oidc;
use super::settings::{Setting, Settings};

/// A method that is not used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Considered {
    /// The method, for people: "client certificate".
    pub method: &'static str,
    /// Why it is not used: what it misses, or what comes before it.
    pub reason: String,
    /// The user has configured it all the same: worth a warning.
    pub configured: bool,
}

/// There is no method to log in with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoCredential {
    /// Every method, in the order they were looked at.
    pub considered: Vec<Considered>,
}

impl fmt::Display for NoCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no method to log in to Azure is configured completely. Looked at, in this order:")?;
        for considered in &self.considered {
            write!(f, "\n  - {considered}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NoCredential {}

impl fmt::Display for Considered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.reason)
    }
}

/// What the settings say about one method.
pub(super) enum Verdict {
    /// Completely configured.
    Use(Method),
    /// Not asked for, or something is missing.
    Missing(String),
    /// Asked for, but this version does not have it.
    NotYet(String),
}

/// One row of the order.
type Row = (&'static str, fn(&Settings) -> Verdict);

const ORDER: &[Row] = &[
    ("client certificate", certificate),
    (ClientSecret::NAME, ClientSecret::consider),
    (Oidc::TOKEN, Oidc::consider_token),
    (Oidc::TOKEN_FILE, Oidc::consider_token_file),
    ("OIDC token of an Azure DevOps pipeline", azure_devops),
    ("OIDC token of a GitHub workflow", github),
    ("AKS workload identity", aks),
    ("managed identity", managed_identity),
    (AzureCli::NAME, AzureCli::consider),
];

/// The first method that is completely configured, and why it is none of the others.
///
/// A method that the user asks for but that this version lacks ends the search: to log in as somebody else would be a
/// surprise.
pub(super) fn select(settings: &Settings) -> Result<(Method, Vec<Considered>), NoCredential> {
    let mut chosen: Option<Method> = None;
    let mut blocked: Option<&'static str> = None;
    let mut considered = Vec::new();
    for (name, consider) in ORDER {
        let verdict = consider(settings);
        let (reason, configured) = match (verdict, &chosen, blocked) {
            (Verdict::Missing(reason), ..) => (reason, false),
            (Verdict::NotYet(reason), None, _) => {
                blocked = blocked.or(Some(name));
                (reason, true)
            }
            (Verdict::NotYet(_) | Verdict::Use(_), Some(first), _) => {
                (format!("the {} comes first", first.name()), true)
            }
            (Verdict::Use(_), None, Some(first)) => (format!("the {first} comes first"), true),
            (Verdict::Use(method), None, None) => {
                chosen = Some(method);
                continue;
            }
        };
        // that the Azure CLI is there by default is no configuration of the user's
        let configured = configured && (*name != AzureCli::NAME || settings.use_cli.is_some());
        considered.push(Considered { method: name, reason, configured });
    }
    match chosen {
        Some(method) => Ok((method, considered)),
        None => Err(NoCredential { considered }),
    }
}

/// Which of the named settings are absent, as one sentence; none when all are there.
pub(super) fn missing(settings: &[(&'static str, bool)]) -> Option<String> {
    let absent: Vec<&str> = settings.iter().filter(|(_, present)| !present).map(|(name, _)| *name).collect();
    match absent.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is not set")),
        many => Some(format!("{} are not set", many.join(" and "))),
    }
}

/// The client id, from its argument or from its file.
pub(super) fn client_id(settings: &Settings) -> Result<Option<Setting<String>>, String> {
    if let Some(setting) = Settings::text(&settings.client_id) {
        return Ok(Some(Setting::new(setting.value.trim().to_owned(), setting.source.clone())));
    }
    let Some(file) = Settings::text(&settings.client_id_file_path) else { return Ok(None) };
    match std::fs::read_to_string(&file.value) {
        Ok(id) if !id.trim().is_empty() => Ok(Some(Setting::new(id.trim().to_owned(), file.source.clone()))),
        Ok(_) => Err(format!("the file {:?} of {} is empty", file.value, file.source)),
        Err(error) => Err(format!("the file {:?} of {} cannot be read: {error}", file.value, file.source)),
    }
}

fn certificate(settings: &Settings) -> Verdict {
    let given = Settings::secret(&settings.client_certificate).map(|setting| &setting.source);
    match given.or_else(|| Settings::text(&settings.client_certificate_path).map(|setting| &setting.source)) {
        Some(source) => not_yet(source),
        None => Verdict::Missing("neither client_certificate nor client_certificate_path is set".to_owned()),
    }
}

fn azure_devops(settings: &Settings) -> Verdict {
    if !Settings::flag(&settings.use_oidc, false) {
        return Verdict::Missing("use_oidc is not true".to_owned());
    }
    let (url, connection) = (&settings.oidc_request_url, &settings.oidc_azure_service_connection_id);
    match (Settings::text(connection), Settings::text(url)) {
        (Some(connection), Some(_)) => not_yet(&connection.source),
        (connection, url) => Verdict::Missing(
            missing(&[
                ("ado_pipeline_service_connection_id", connection.is_some()),
                ("oidc_request_url", url.is_some()),
            ])
            .unwrap_or_default(),
        ),
    }
}

fn github(settings: &Settings) -> Verdict {
    if !Settings::flag(&settings.use_oidc, false) {
        return Verdict::Missing("use_oidc is not true".to_owned());
    }
    let (url, token) = (Settings::text(&settings.oidc_request_url), Settings::secret(&settings.oidc_request_token));
    match (url, token) {
        (Some(url), Some(_)) => not_yet(&url.source),
        (url, token) => Verdict::Missing(
            missing(&[("oidc_request_url", url.is_some()), ("oidc_request_token", token.is_some())])
                .unwrap_or_default(),
        ),
    }
}

fn aks(settings: &Settings) -> Verdict {
    match &settings.use_aks_workload_identity {
        Some(Setting { value: true, source }) => not_yet(source),
        _ => Verdict::Missing("use_aks_workload_identity is not true".to_owned()),
    }
}

fn managed_identity(settings: &Settings) -> Verdict {
    match &settings.use_msi {
        Some(Setting { value: true, source }) => not_yet(source),
        _ => Verdict::Missing("use_msi is not true".to_owned()),
    }
}

fn not_yet(source: &str) -> Verdict {
    Verdict::NotYet(format!(
        "{source} asks for it, but this version of the provider does not offer it yet; give it a client secret or an \
         OIDC token (use_oidc with oidc_token or oidc_token_file_path; the guide \"Log in to Azure\" shows how a pipeline \
         gets one), or leave {source} out to use the Azure CLI"
    ))
}

#[cfg(test)]
mod tests;
