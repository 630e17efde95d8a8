//! Microsoft Entra: asking it for tokens over our own HTTPS client, and reading what it says when it refuses.

mod observer;
mod refusal;

use std::sync::Arc;
use std::time::SystemTime;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::AccessToken;
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use azure_core::time::Duration;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::error::{AuthenticationError, AuthenticationProblem};
use super::select;
use super::settings::{Setting, Settings};
use super::token_cache::Token;
use crate::azure::http::{Http, causes, host_of};
use observer::{Observer, Seen};
pub(super) use refusal::find_code;
use refusal::{Part, Refusal};

/// An application to log in as.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) tenant_id: Setting<String>,
    pub(super) client_id: Setting<String>,
}

impl Application {
    /// Reads tenant and client, or says which of them is missing.
    pub(super) fn of(settings: &Settings) -> Result<Self, String> {
        let tenant_id = Settings::text(&settings.tenant_id).cloned();
        let client_id = select::client_id(settings)?;
        match (tenant_id, client_id) {
            (Some(tenant_id), Some(client_id)) => Ok(Self { tenant_id, client_id }),
            (tenant, client) => {
                let missing = select::missing(&[("tenant_id", tenant.is_some()), ("client_id", client.is_some())]);
                Err(missing.unwrap_or_default())
            }
        }
    }
}

/// Where to log in and with which client.
#[derive(Debug)]
pub(super) struct Entra {
    http: Http,
    authority: Url,
}

impl Entra {
    pub(super) fn new(http: Http, authority: Url) -> Self {
        Self { http, authority }
    }

    /// Prepares one login; what goes wrong is blamed on `application`'s settings or on `secret_argument`.
    pub(super) fn login(
        &self,
        method: &'static str,
        application: &Application,
        secret_argument: &str,
        secret: &SecretString,
    ) -> Result<Login, Box<AuthenticationError>> {
        let client = self.http.client().map_err(|error| AuthenticationError::local(method, error.to_string(), None))?;
        Ok(Login {
            method,
            host: host_of(&self.authority),
            authority: self.authority.clone(),
            application: application.clone(),
            secret_argument: secret_argument.to_owned(),
            secret: secret.clone(),
            observer: Arc::new(Observer::new(client.clone())),
        })
    }
}

/// One login under way.
pub(super) struct Login {
    method: &'static str,
    host: String,
    authority: Url,
    application: Application,
    secret_argument: String,
    secret: SecretString,
    observer: Arc<Observer>,
}

impl Login {
    /// Options for a credential of `azure_identity`: our client, our authority, an end to its patience.
    ///
    /// The cloud is always given: left out, the library would take the authority from `AZURE_AUTHORITY_HOST`, and a
    /// stray variable would send secrets elsewhere.
    pub(super) fn options(&self) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        self.authority.as_str().trim_end_matches('/').clone_into(&mut cloud.authority_host);
        let retry = ExponentialRetryOptions {
            max_retries: 3,
            max_total_elapsed: Duration::seconds(15),
            ..ExponentialRetryOptions::default()
        };
        ClientOptions {
            cloud: Some(Arc::new(CloudConfiguration::from(cloud))),
            retry: RetryOptions::exponential(retry),
            transport: Some(Transport::new(self.observer.clone())),
            ..ClientOptions::default()
        }
    }

    /// The token; or what the observer saw on the wire, which says more than the library's own error.
    pub(super) fn finish(self, result: azure_core::Result<AccessToken>) -> Result<Token, Box<AuthenticationError>> {
        let error = match result {
            Ok(token) => return Ok(Token::new(token.token.secret().to_owned(), SystemTime::from(token.expires_on))),
            Err(error) => error,
        };
        let (problem, part) = match self.observer.take() {
            Some(Seen::Refused { status, body }) => {
                let Refusal { code, message } = refusal::read(&body);
                let part = code.as_deref().and_then(refusal::part_at_fault);
                let message = self.without_secret(message);
                (AuthenticationProblem::Refused { host: self.host.clone(), status: Some(status), code, message }, part)
            }
            Some(Seen::Unreachable { host, kind, cause }) => {
                (AuthenticationProblem::Unreachable { host, kind, cause }, None)
            }
            None => (AuthenticationProblem::Local { cause: self.without_secret(causes(&error)) }, None),
        };
        let argument = part.map(|part| match part {
            Part::Tenant => self.application.tenant_id.source.clone(),
            Part::Client => self.application.client_id.source.clone(),
            Part::Secret => self.secret_argument.clone(),
        });
        Err(AuthenticationError::new(self.method, problem, argument))
    }

    /// Entra does not repeat secrets; should a proxy's error page do so, it ends here.
    fn without_secret(&self, text: String) -> String {
        match self.secret.expose_secret() {
            secret if secret.len() >= 4 && text.contains(secret) => text.replace(secret, "(secret)"),
            _ => text,
        }
    }
}
