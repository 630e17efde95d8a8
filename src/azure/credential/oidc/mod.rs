//! Authentication as an application with a token of another identity provider (workload identity federation).

mod id_token_request;
pub(super) mod methods;

use secrecy::{ExposeSecret, SecretString};

use super::application::Application;
use super::assertion::claims_of;
use super::cleaning;
use super::entra::Entra;
use super::secret_source::SecretSource;
use super::setting::Source;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;
use id_token_request::IdTokenRequest;

/// An application and the source of its OIDC token.
#[derive(Debug)]
pub(super) struct Oidc {
    name: &'static str,
    application: Application,
    assertion: Assertion,
}

/// The source of the OIDC token. These tokens expire within minutes, so the file is read or the token is requested
/// again for each access token.
#[derive(Debug)]
enum Assertion {
    Given(SecretSource),
    Requested(IdTokenRequest),
}

impl Assertion {
    async fn fetch(&self, method: &'static str, entra: &Entra) -> Result<SecretString, Box<AuthenticationError>> {
        match self {
            Self::Given(source) => source.read(method).await,
            Self::Requested(request) => request.send(method, entra).await,
        }
    }

    /// The source of the setting that errors about the token name.
    fn source(&self) -> &Source {
        match self {
            Self::Given(source) => source.source(),
            Self::Requested(request) => &request.url().source,
        }
    }
}

impl Oidc {
    pub(super) const TOKEN: &str = "OIDC token";
    pub(super) const TOKEN_FILE: &str = "OIDC token file";
    pub(super) const AZURE_DEVOPS: &str = "OIDC token of an Azure DevOps pipeline";
    pub(super) const GITHUB: &str = "OIDC token of a GitHub workflow";
    pub(super) const AKS: &str = "AKS workload identity";

    fn name_of(token: &SecretSource) -> &'static str {
        match token {
            SecretSource::Value(_) => Self::TOKEN,
            SecretSource::File(_) => Self::TOKEN_FILE,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) async fn fetch(
        &self,
        request: TokenRequest<'_>,
        entra: &Entra,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let source = self.assertion.source();
        let token = self.assertion.fetch(self.name, entra).await?;
        let token: SecretString = cleaning::token(token.expose_secret()).into();
        let assertion = claims_of(token.expose_secret()).map_err(|problem| {
            let cause = format!("the OIDC token {problem}");
            AuthenticationError::local(self.name, cause, Some(source.to_string()))
        })?;
        let authentication = entra.authentication(self.name, &self.application, source, &token, request)?;
        authentication.with_assertion(assertion).present(token, request.scope).await
    }
}
