//! Authentication with a managed identity of an Azure virtual machine, App Service, Container Apps or Azure Arc.
//!
//! `azure_identity` does not support Azure Arc, custom endpoints, and resource IDs on App Service.

mod arc;
mod endpoint;
mod token;

use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderValue};
use secrecy::ExposeSecret;

use super::availability::{Availability, not_true};
use super::entra::Entra;
use super::setting::{Setting, Source};
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_endpoint::{self, Response};
use super::token_request::TokenRequest;
use crate::azure::error::{AuthenticationError, AuthenticationProblem};
use crate::azure::text::host_of;
use endpoint::{Endpoint, Host};

pub use arc::is_agent_installed;

/// A managed identity and the endpoint that issues its tokens.
#[derive(Debug)]
pub(super) struct ManagedIdentity {
    endpoint: Endpoint,
    /// The client ID or resource ID of the user-assigned identity. `None` selects the system-assigned identity.
    identity: Option<Setting<String>>,
}

impl ManagedIdentity {
    pub(super) const NAME: &str = "managed identity";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        let Some(flag) = Settings::enabled(&settings.use_msi) else {
            return Availability::NotConfigured(not_true(settings.interface, "use_msi"));
        };
        let level = flag.source.level();
        match Endpoint::choose(settings) {
            Ok(endpoint) => {
                let identity = identity(settings).cloned();
                Availability::Available { method: Self { endpoint, identity }, level }
            }
            Err(reason) => Availability::Unusable { reason: format!("{} is true, but {reason}", flag.source), level },
        }
    }

    /// Requests a token. The endpoints accept no claims. After a claims challenge, App Service renews the revoked
    /// token, and the other hosts may return it again.
    pub(super) async fn fetch(
        &self,
        request: TokenRequest<'_>,
        entra: &Entra,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let response = self.response(request, entra).await?;
        token::read(&response, &host_of(&self.endpoint.url)).map_err(|problem| self.error(problem))
    }

    async fn response(&self, token: TokenRequest<'_>, entra: &Entra) -> Result<Response, Box<AuthenticationError>> {
        let http = entra.http();
        let client = http.local_client().map_err(|error| self.local(error.to_string()))?;
        let revoked = token.rejected.filter(|rejected| rejected.claims.is_some()).map(|rejected| &rejected.token);
        let request = self.endpoint.request(token.resource(), self.identity.as_ref(), revoked);
        let mut request = request.map_err(|cause| self.local(cause))?;
        let response = self.send(http, client, &request).await?;
        if let (Host::Arc { keys }, StatusCode::UNAUTHORIZED) = (&self.endpoint.host, response.status) {
            let key = arc::read_key(&response.headers, keys).await.map_err(|cause| self.local(cause))?;
            let mut basic = HeaderValue::from_str(&format!("Basic {}", key.expose_secret()))
                .map_err(|_| self.local("the key of Azure Arc contains characters that no key has".to_owned()))?;
            basic.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, basic);
            return self.send(http, client, &request).await;
        }
        Ok(response)
    }

    async fn send(
        &self,
        http: &crate::azure::http::Http,
        client: &reqwest::Client,
        request: &reqwest::Request,
    ) -> Result<Response, Box<AuthenticationError>> {
        let sent = token_endpoint::send(http, client, request, self.endpoint.retry_policy()).await;
        sent.map_err(|problem| self.error(problem))
    }

    fn local(&self, cause: String) -> Box<AuthenticationError> {
        self.error(AuthenticationProblem::Local { cause })
    }

    /// The error names the setting of the identity if the endpoint rejects it, otherwise the setting of the endpoint.
    fn error(&self, problem: AuthenticationProblem) -> Box<AuthenticationError> {
        let identity = self.identity.as_ref().map(|identity| &identity.source);
        let source = match problem {
            AuthenticationProblem::NotIssued { status: 400 | 403 | 404, .. } => identity,
            _ => None,
        };
        let source = source.or(self.endpoint.source.as_ref());
        AuthenticationError::new(Self::NAME, problem, source.map(ToString::to_string))
    }
}

/// The user-assigned identity: `client_id`, unless it comes from `AZURE_CLIENT_ID`. Hosts set that variable for another
/// identity: their own application, or the workload identity of a pod. azurerm does not read it either.
fn identity(settings: &Settings) -> Option<&Setting<String>> {
    settings.client_id.as_ref().filter(|setting| setting.source != Source::variable("AZURE_CLIENT_ID"))
}

#[cfg(test)]
mod tests;
