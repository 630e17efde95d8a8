//! The endpoints that issue tokens of managed identities, and their requests.

use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::digest;
use http::header::{ACCEPT, HeaderValue};
use http::{Method, StatusCode};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::arc;
use crate::azure::credential::setting::{Setting, Source};
use crate::azure::credential::settings::Settings;
use crate::azure::credential::token_cache::AccessToken;
use crate::azure::credential::token_endpoint::{self, RetryPolicy};
use crate::azure::text::hex;

/// The instance metadata service of a virtual machine, the same on every machine.
const IMDS: &str = "http://169.254.169.254/metadata/identity/oauth2/token";

/// The default endpoint of the Azure Arc agent.
const ARC: &str = "http://127.0.0.1:40342/metadata/identity/oauth2/token";

/// How long the service of a virtual machine may be unavailable during an update. Its documentation says 70 seconds.
pub(super) const UPDATE_PERIOD: Duration = Duration::from_secs(75);

/// The kind of host that the provider runs on.
#[derive(Clone, Debug)]
pub(super) enum Host {
    /// A virtual machine, a container group, or a pod that uses the identity of its node.
    VirtualMachine,
    /// App Service, Functions or Container Apps.
    AppService { header: SecretString },
    /// A machine outside Azure with the Azure Arc agent, whose keys are in this folder.
    Arc { keys: PathBuf },
}

/// An endpoint that issues tokens of managed identities.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) host: Host,
    pub(super) url: Url,
    /// The source of the URL. `None` for a default URL.
    pub(super) source: Option<Source>,
    api_version: Option<String>,
}

impl Endpoint {
    /// Selects the endpoint: `msi_endpoint` if it is set, otherwise the endpoint of the environment, otherwise the
    /// default of the Azure Arc agent or of a virtual machine.
    ///
    /// # Errors
    /// The host is not supported, or the URL is malformed. The error follows "use_msi is true, but".
    pub(super) fn choose(settings: &Settings) -> Result<Self, String> {
        let environment = &settings.identity_host;
        let of_environment = environment.endpoint.as_ref();
        let given = settings.msi_endpoint.as_ref();
        let named = given.or(of_environment);
        let is_of_environment = match (given, of_environment) {
            (Some(given), Some(named)) => given.value == named.value,
            (None, named) => named.is_some(),
            (Some(_), None) => false,
        };
        let host = match (&environment.header, environment.has_imds_endpoint, is_of_environment) {
            (Some(_), _, true) if environment.is_service_fabric => {
                return Err("managed identities of Service Fabric are not supported".to_owned());
            }
            (Some(header), _, true) => Host::AppService { header: header.value.clone() },
            (None, true, true) => Host::Arc { keys: arc::folder() },
            // Processes that started before the agent was installed do not have its variables.
            _ if named.is_none() && environment.has_arc_agent => Host::Arc { keys: arc::folder() },
            _ => Host::VirtualMachine,
        };
        let default = if let Host::Arc { .. } = host { ARC } else { IMDS };
        let text = named.map_or(default, |setting| setting.value.as_str());
        let url = match Url::parse(text) {
            Ok(url) if ["http", "https"].contains(&url.scheme()) => url,
            _ => return Err(format!("its endpoint {text:?} is not a URL that starts with http:// or https://")),
        };
        let api_version = settings.msi_api_version.as_ref().map(|setting| setting.value.clone());
        Ok(Self { host, url, source: named.map(|setting| setting.source.clone()), api_version })
    }

    /// The request for a token for `resource`. App Service gets the hash of the `revoked` token, so that it does not
    /// return it again.
    ///
    /// # Errors
    /// The host does not support the identity, or a value is not a valid header.
    pub(super) fn request(
        &self,
        resource: &str,
        identity: Option<&Setting<String>>,
        revoked: Option<&AccessToken>,
    ) -> Result<reqwest::Request, String> {
        let mut url = self.url.clone();
        let (version, resource_id) = match self.host {
            Host::VirtualMachine => ("2018-02-01", "msi_res_id"),
            Host::AppService { .. } => ("2019-08-01", "mi_res_id"),
            Host::Arc { .. } => ("2020-06-01", "mi_res_id"),
        };
        let version = self.api_version.as_deref().unwrap_or(version);
        url.query_pairs_mut().append_pair("api-version", version).append_pair("resource", resource);
        if let Some(identity) = identity {
            if let Host::Arc { .. } = self.host {
                return Err(format!(
                    "Azure Arc machines support only the system-assigned identity, but {} selects another identity; remove it",
                    identity.source
                ));
            }
            let name = if identity.value.starts_with('/') { resource_id } else { "client_id" };
            url.query_pairs_mut().append_pair(name, &identity.value);
        }
        if let Host::AppService { .. } = self.host {
            // Declares that the provider handles claims challenges.
            url.query_pairs_mut().append_pair("xms_cc", "cp1");
            if let Some(revoked) = revoked {
                url.query_pairs_mut().append_pair("token_sha256_to_refresh", &sha256(revoked.expose()));
            }
        }
        let mut request = reqwest::Request::new(Method::GET, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Host::AppService { header } = &self.host {
            let mut value = HeaderValue::from_str(header.expose_secret())
                .map_err(|_| "IDENTITY_HEADER contains characters that no header has".to_owned())?;
            value.set_sensitive(true);
            request.headers_mut().insert("x-identity-header", value);
        } else {
            request.headers_mut().insert("metadata", HeaderValue::from_static("true"));
        }
        Ok(request)
    }

    /// The retry policy of the endpoint.
    pub(super) fn retry_policy(&self) -> RetryPolicy {
        match self.host {
            Host::VirtualMachine => |status| match status {
                StatusCode::NOT_FOUND | StatusCode::GONE => Some(UPDATE_PERIOD),
                _ => token_endpoint::default_retry_policy(status).map(|_| UPDATE_PERIOD),
            },
            Host::AppService { .. } | Host::Arc { .. } => token_endpoint::default_retry_policy,
        }
    }
}

/// The SHA-256 hash in lower-case hexadecimal digits, as the libraries of Microsoft send it.
fn sha256(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    hex(hash.as_ref())
}
