//! The login methods as one type.

use super::access_token::AccessToken;
use super::azure_cli::AzureCli;
use super::client_secret::ClientSecret;
use super::entra::Entra;
use super::managed_identity::ManagedIdentity;
use super::oidc::Oidc;
use super::token_cache::Token;
use crate::azure::error::AuthenticationError;

/// A method that is configured completely.
#[derive(Debug)]
pub(super) enum Method {
    ClientSecret(ClientSecret),
    Oidc(Oidc),
    ManagedIdentity(ManagedIdentity),
    AccessToken(AccessToken),
    AzureCli(AzureCli),
}

impl Method {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ClientSecret(_) => ClientSecret::NAME,
            Self::Oidc(oidc) => oidc.name(),
            Self::ManagedIdentity(_) => ManagedIdentity::NAME,
            Self::AccessToken(_) => AccessToken::NAME,
            Self::AzureCli(_) => AzureCli::NAME,
        }
    }

    /// Requests a new token, with these claims if Azure asked for them. Managed identities, access tokens and the Azure CLI
    /// cannot request claims.
    pub(super) async fn fetch(
        &self,
        scope: &str,
        claims: Option<&str>,
        entra: &Entra,
    ) -> Result<Token, Box<AuthenticationError>> {
        match self {
            Self::ClientSecret(secret) => secret.fetch(scope, claims, entra).await,
            Self::Oidc(oidc) => oidc.fetch(scope, claims, entra).await,
            Self::ManagedIdentity(identity) => identity.fetch(scope, entra).await,
            Self::AccessToken(token) => token.read(scope),
            Self::AzureCli(cli) => cli.fetch(scope).await,
        }
    }
}
