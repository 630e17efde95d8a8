//! Microsoft Entra: requests tokens over the shared HTTPS client, and reports its errors.

mod error;
mod token_response;
mod transport;

#[cfg(test)]
pub use error::codes_about_settings;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{AccessToken as LibraryToken, TokenCredential};
use azure_core::http::{ClientMethodOptions, ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use azure_core::time::Duration as SignedDuration;
use azure_identity::{ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::cleaning;
use super::setting::Source;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::{
    AssertionClaims, AuthenticationError, AuthenticationProblem, CertificateFacts, Error, IdentityDetails,
};
use crate::azure::http::{Http, causes};
use crate::azure::text::{host_of, human};
use crate::redaction;
use error::{EntraError, IdentitySetting};
use transport::{RecordedFailure, RecordingTransport};

pub(super) use error::find_code;
pub(super) use token_response::is_token;

/// How long the library retries a request, and the longest wait that Microsoft Entra may request.
const RETRY_PERIOD: Duration = Duration::from_secs(15);

/// Microsoft Entra at the authority host of a cloud.
#[derive(Debug)]
pub(super) struct Entra {
    http: Http,
    authority: Url,
}

impl Entra {
    pub(super) fn new(http: Http, authority: Url) -> Self {
        Self { http, authority }
    }

    /// The URL of the token endpoint of a tenant.
    pub(super) fn token_endpoint(&self, tenant_id: &str) -> String {
        let path = format!("/{tenant_id}/oauth2/v2.0/token");
        self.authority.join(&path).map_or(path, String::from)
    }

    /// The HTTPS client.
    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    /// Prepares the authentication for one token. Errors name the settings of `application` or `secret_argument`.
    pub(super) fn authentication(
        &self,
        method: &'static str,
        application: &Application,
        secret_argument: &Source,
        secret: &SecretString,
        request: TokenRequest<'_>,
    ) -> Result<Authentication, Box<AuthenticationError>> {
        redaction::protect_token(secret.expose_secret());
        let client = self.http.client_for(&self.authority, None).map_err(|error| match error {
            Error::Transport { host, kind, cause } => {
                AuthenticationError::new(method, AuthenticationProblem::Unreachable { host, kind, cause }, None)
            }
            other => AuthenticationError::local(method, other.to_string(), None),
        })?;
        Ok(Authentication {
            method,
            host: host_of(&self.authority),
            authority: self.authority.clone(),
            application: application.in_tenant(request.tenant),
            secret_argument: secret_argument.to_string(),
            secret: secret.clone(),
            claims_of_assertion: None,
            certificate: None,
            transport: Arc::new(RecordingTransport::new(self.http.clone(), client.clone(), request.claims())),
        })
    }
}

/// The authentication of an application for one token.
pub(super) struct Authentication {
    method: &'static str,
    host: String,
    authority: Url,
    application: Application,
    secret_argument: String,
    secret: SecretString,
    /// The claims of the secret, if it is an OIDC token.
    claims_of_assertion: Option<AssertionClaims>,
    /// The certificate that signed the secret, if any.
    certificate: Option<CertificateFacts>,
    transport: Arc<RecordingTransport>,
}

impl Authentication {
    /// Adds the claims of the OIDC token to errors.
    pub(super) fn with_assertion(self, claims: AssertionClaims) -> Self {
        Self { claims_of_assertion: Some(claims), ..self }
    }

    /// Adds the certificate to errors.
    pub(super) fn with_certificate(self, certificate: CertificateFacts) -> Self {
        Self { certificate: Some(certificate), ..self }
    }

    /// The application in the tenant of the token.
    pub(super) fn application(&self) -> &Application {
        &self.application
    }

    /// Sends an assertion to Microsoft Entra, and returns the token for `scope`.
    pub(super) async fn present(
        self,
        assertion: SecretString,
        scope: &str,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let options = ClientAssertionCredentialOptions { client_options: self.options() };
        let Application { tenant_id, client_id } = &self.application;
        let (tenant, client) = (tenant_id.value.clone(), client_id.value.clone());
        match ClientAssertionCredential::new(tenant, client, FixedAssertion(assertion), Some(options)) {
            Ok(credential) => self.finish(credential.get_token(&[scope], None).await),
            Err(error) => self.finish(Err(error)),
        }
    }

    /// The options for a credential of `azure_identity`: the shared client, the authority of the cloud, few retries.
    ///
    /// The options always set the cloud. Otherwise the library would send secrets to the host in
    /// `AZURE_AUTHORITY_HOST`.
    pub(super) fn options(&self) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        self.authority.as_str().trim_end_matches('/').clone_into(&mut cloud.authority_host);
        let retry = ExponentialRetryOptions {
            max_retries: 3,
            max_total_elapsed: SignedDuration::try_from(RETRY_PERIOD).expect("invariant: some seconds"),
            ..ExponentialRetryOptions::default()
        };
        ClientOptions {
            cloud: Some(Arc::new(CloudConfiguration::from(cloud))),
            retry: RetryOptions::exponential(retry),
            transport: Some(Transport::new(self.transport.clone())),
            ..ClientOptions::default()
        }
    }

    /// The token, or the error. The failure that the transport recorded has more details than the error of the library.
    pub(super) fn finish(
        self,
        result: azure_core::Result<LibraryToken>,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let error = match result {
            Ok(token) => {
                return Ok(AccessToken::new(token.token.secret().to_owned(), SystemTime::from(token.expires_on)));
            }
            Err(error) => error,
        };
        let (problem, setting) = match self.transport.take() {
            Some(RecordedFailure::Rejected { status, body, wait }) => {
                let EntraError { code, message } = EntraError::parse(&body);
                let setting = code.as_deref().and_then(error::setting_at_fault);
                let mut message = self.without_secret(message);
                if let Some(wait) = wait {
                    message += &format!(" Try again in {}.", human(wait));
                }
                (
                    AuthenticationProblem::Rejected { host: self.host.clone(), status: Some(status), code, message },
                    setting,
                )
            }
            Some(RecordedFailure::Unusable { status, cause }) => {
                (AuthenticationProblem::Unusable { host: self.host.clone(), status, cause: cause.to_owned() }, None)
            }
            Some(RecordedFailure::Unreachable { host, kind, cause }) => {
                (AuthenticationProblem::Unreachable { host, kind, cause }, None)
            }
            None => (AuthenticationProblem::Local { cause: self.without_secret(causes(&error)) }, None),
        };
        let argument = setting.map(|setting| match setting {
            IdentitySetting::Tenant => self.application.tenant_id.source.to_string(),
            IdentitySetting::Client => self.application.client_id.source.to_string(),
            IdentitySetting::Secret => self.secret_argument.clone(),
        });
        let is_client_secret = self.claims_of_assertion.is_none() && self.certificate.is_none();
        let secret_flaw = cleaning::secret_flaw(self.secret.expose_secret()).filter(|_| is_client_secret);
        let mut error = AuthenticationError::new(self.method, problem, argument);
        error.identity = Some(IdentityDetails {
            tenant_id: self.application.tenant_id.value.clone(),
            client_id: self.application.client_id.value.clone(),
            assertion: self.claims_of_assertion,
            certificate: self.certificate,
            secret_flaw,
        });
        Err(error)
    }

    /// Masks the secret in a text. Microsoft Entra does not repeat secrets, but the error page of a proxy might.
    fn without_secret(&self, text: String) -> String {
        match self.secret.expose_secret() {
            secret if secret.len() >= 4 && text.contains(secret) => text.replace(secret, "(secret)"),
            _ => text,
        }
    }
}

/// An assertion that is sent unchanged.
#[derive(Debug)]
struct FixedAssertion(SecretString);

#[async_trait::async_trait]
impl ClientAssertion for FixedAssertion {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose_secret().to_owned())
    }
}
