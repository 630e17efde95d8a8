//! The request for an OIDC token in a pipeline of GitHub Actions or Azure DevOps.

use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use http::{Method, StatusCode};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::azure::credential::cleaning;
use crate::azure::credential::entra::Entra;
use crate::azure::credential::setting::{Setting, Source};
use crate::azure::credential::settings::Settings;
use crate::azure::credential::token_endpoint::{self, default_retry_policy, protected};
use crate::azure::error::{AuthenticationError, AuthenticationProblem};
use crate::azure::text::host_of;

/// The audience that Microsoft Entra expects. A URL with another audience keeps it.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// The URL at which a pipeline gets OIDC tokens, and the token for these requests.
#[derive(Clone, Debug)]
pub(in crate::azure::credential) struct IdTokenRequest {
    issuer: Issuer,
    url: Setting<String>,
    token: Setting<SecretString>,
}

/// The issuer of the OIDC token.
#[derive(Clone, Debug)]
enum Issuer {
    GitHub,
    AzureDevOps { service_connection: Setting<String> },
}

/// Whether `oidc_request_url` is a URL of Azure DevOps, which needs another HTTP method and a service connection.
pub(super) fn is_azure_devops(url: &Setting<String>) -> bool {
    let path = url.value.split('?').next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
    url.source == Source::variable("SYSTEM_OIDCREQUESTURI") || path.ends_with("/oidctoken")
}

impl IdTokenRequest {
    /// The request of an Azure DevOps pipeline. The error lists the missing settings.
    pub(super) fn azure_devops(settings: &Settings) -> Result<Self, Vec<&'static str>> {
        let connection = settings.oidc_azure_service_connection_id.as_ref();
        match (url_and_token(settings), connection) {
            (Ok((url, token)), Some(connection)) => {
                Ok(Self { issuer: Issuer::AzureDevOps { service_connection: connection.clone() }, url, token })
            }
            (request, connection) => {
                let mut missing = request.err().unwrap_or_default();
                missing.extend(connection.is_none().then_some("ado_pipeline_service_connection_id"));
                Err(missing)
            }
        }
    }

    /// The request of a GitHub workflow. The error lists the missing settings.
    pub(super) fn github(settings: &Settings) -> Result<Self, Vec<&'static str>> {
        url_and_token(settings).map(|(url, token)| Self { issuer: Issuer::GitHub, url, token })
    }

    pub(super) fn url(&self) -> &Setting<String> {
        &self.url
    }

    /// Requests a new OIDC token.
    pub(super) async fn send(
        &self,
        method: &'static str,
        entra: &Entra,
    ) -> Result<SecretString, Box<AuthenticationError>> {
        let local =
            |cause: String, source: &Source| AuthenticationError::local(method, cause, Some(source.to_string()));
        let request = self.request().map_err(|(cause, source)| local(cause, source))?;
        let host = host_of(request.url());
        let http = entra.http();
        let client =
            http.client_for(request.url(), None).map_err(|error| local(error.to_string(), &self.url.source))?;
        let response = token_endpoint::send(http, client, &request, default_retry_policy).await;
        let found = response.and_then(|response| {
            if is_sign_in_page(response.status) {
                return Err(response.error(&host));
            }
            let document = response.document(&host)?;
            match document.get(self.field()).and_then(serde_json::Value::as_str) {
                Some(token) => Ok(protected(token.trim())),
                None => Err(response.unusable(&host, &format!("it has no {}", self.field()))),
            }
        });
        found.map_err(|problem| {
            let argument = self.setting_at_fault(&problem).to_string();
            AuthenticationError::new(method, problem, Some(argument))
        })
    }

    fn request(&self) -> Result<reqwest::Request, (String, &Source)> {
        let mut url = Url::parse(&self.url.value)
            .map_err(|error| (format!("the URL of the OIDC token is malformed: {error}"), &self.url.source))?;
        if url.scheme() != "https" {
            return Err(("the URL of the OIDC token does not start with https://".to_owned(), &self.url.source));
        }
        let mut set = |name: &str, value: &str| {
            if !url.query_pairs().any(|(known, _)| known == name) {
                url.query_pairs_mut().append_pair(name, value);
            }
        };
        let method = match &self.issuer {
            Issuer::GitHub => {
                set("audience", AUDIENCE);
                Method::GET
            }
            Issuer::AzureDevOps { service_connection } => {
                set("api-version", "7.1");
                set("serviceConnectionId", &service_connection.value);
                Method::POST
            }
        };
        let token = protected(&cleaning::token(self.token.value.expose_secret()));
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| ("it contains characters that no token has".to_owned(), &self.token.source))?;
        authorization.set_sensitive(true);
        let mut request = reqwest::Request::new(method, url);
        request.headers_mut().insert(AUTHORIZATION, authorization);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        if matches!(self.issuer, Issuer::AzureDevOps { .. }) {
            // Without this header, Azure DevOps responds to a rejected token with its sign-in page.
            request.headers_mut().insert("x-tfs-fedauthredirect", HeaderValue::from_static("Suppress"));
            request.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(request)
    }

    /// The field of the response that contains the token.
    fn field(&self) -> &'static str {
        match self.issuer {
            Issuer::GitHub => "value",
            Issuer::AzureDevOps { .. } => "oidcToken",
        }
    }

    /// The setting that is probably wrong.
    fn setting_at_fault(&self, problem: &AuthenticationProblem) -> &Source {
        let AuthenticationProblem::NotIssued { status, .. } = problem else { return &self.url.source };
        match (&self.issuer, *status) {
            (_, 203 | 302 | 401 | 403) => &self.token.source,
            (Issuer::AzureDevOps { service_connection }, 400 | 404) => &service_connection.source,
            _ => &self.url.source,
        }
    }
}

/// Whether the response is the sign-in page, with which Azure DevOps responds to a rejected token. Its status is 203.
fn is_sign_in_page(status: StatusCode) -> bool {
    status == StatusCode::NON_AUTHORITATIVE_INFORMATION
}

/// Whether a pipeline of the other issuer has set this token. A token is sent only to its own issuer.
fn is_of_other_issuer(token: &Setting<SecretString>, url: &Setting<String>) -> bool {
    let Source::Variable(name) = &token.source else { return false };
    name == if is_azure_devops(url) { "ACTIONS_ID_TOKEN_REQUEST_TOKEN" } else { "SYSTEM_ACCESSTOKEN" }
}

fn url_and_token(settings: &Settings) -> Result<(Setting<String>, Setting<SecretString>), Vec<&'static str>> {
    let url = settings.oidc_request_url.as_ref();
    let token = settings.oidc_request_token.as_ref();
    match (url, token.filter(|token| url.is_none_or(|url| !is_of_other_issuer(token, url)))) {
        (Some(url), Some(token)) => Ok((url.clone(), token.clone())),
        (url, token) => {
            let missing = [("oidc_request_url", url.is_none()), ("oidc_request_token", token.is_none())];
            Err(missing.into_iter().filter_map(|(name, none)| none.then_some(name)).collect())
        }
    }
}
