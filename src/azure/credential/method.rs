//! The methods of logging in that there are, as one type.

use super::azure_cli::AzureCli;
use super::client_secret::ClientSecret;
use super::entra::Entra;
use super::error::AuthenticationError;
use super::oidc::Oidc;
use super::token_cache::Token;

/// A method that is completely configured.
#[derive(Debug)]
pub(super) enum Method {
    ClientSecret(ClientSecret),
    Oidc(Oidc),
    AzureCli(AzureCli),
}

impl Method {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ClientSecret(_) => ClientSecret::NAME,
            Self::Oidc(oidc) => oidc.name(),
            Self::AzureCli(_) => AzureCli::NAME,
        }
    }

    /// Gets one new token; nothing is kept from earlier ones.
    pub(super) async fn fetch(&self, scope: &str, entra: &Entra) -> Result<Token, Box<AuthenticationError>> {
        match self {
            Self::ClientSecret(secret) => secret.fetch(scope, entra).await,
            Self::Oidc(oidc) => oidc.fetch(scope, entra).await,
            Self::AzureCli(cli) => cli.fetch(scope).await,
        }
    }
}
