//! The authentication methods in one type.

use std::time::Duration;

use super::azure_cli::AzureCli;
use super::client_certificate::{CertificateError, ClientCertificate};
use super::client_secret::ClientSecret;
use super::dev_cli::DevCli;
use super::entra::Entra;
use super::environment_token::EnvironmentToken;
use super::managed_identity::ManagedIdentity;
use super::oidc::Oidc;
use super::powershell::PowerShell;
use super::program;
use super::token_cache::{self, AccessToken};
use super::token_request::TokenRequest;
use crate::azure::error::AuthenticationError;

/// An authentication method that is configured completely.
#[derive(Debug)]
#[expect(private_interfaces, reason = "other modules use only the names")]
pub enum Method {
    ClientCertificate(ClientCertificate),
    ClientSecret(ClientSecret),
    Oidc(Oidc),
    ManagedIdentity(ManagedIdentity),
    EnvironmentToken(EnvironmentToken),
    DevCli(DevCli),
    PowerShell(PowerShell),
    AzureCli(AzureCli),
}

/// The names of the methods in errors.
impl Method {
    /// An access token in `ARM_ACCESS_TOKEN`.
    pub const ENVIRONMENT_TOKEN: &str = EnvironmentToken::NAME;
    /// An account of the Azure CLI.
    pub const AZURE_CLI: &str = AzureCli::NAME;
    /// An application with a certificate.
    pub const CLIENT_CERTIFICATE: &str = ClientCertificate::NAME;
    /// An account of the Azure Developer CLI.
    pub const DEV_CLI: &str = DevCli::NAME;
    /// A managed identity.
    pub const MANAGED_IDENTITY: &str = ManagedIdentity::NAME;
    /// An account of Azure PowerShell.
    pub const POWERSHELL: &str = PowerShell::NAME;
}

impl Method {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ClientCertificate(_) => ClientCertificate::NAME,
            Self::ClientSecret(_) => ClientSecret::NAME,
            Self::Oidc(oidc) => oidc.name(),
            Self::ManagedIdentity(_) => ManagedIdentity::NAME,
            Self::EnvironmentToken(_) => EnvironmentToken::NAME,
            Self::DevCli(_) => DevCli::NAME,
            Self::PowerShell(_) => PowerShell::NAME,
            Self::AzureCli(_) => AzureCli::NAME,
        }
    }

    /// Whether the method can request tokens in other tenants.
    pub(super) fn reaches_other_tenants(&self) -> bool {
        !matches!(self, Self::ManagedIdentity(_) | Self::EnvironmentToken(_))
    }

    /// How long a caller waits for a new token while the old one is valid. For programs, this is longer than their own
    /// time limit, because a program that is killed early may leave its files incomplete.
    pub(super) fn renewal_limit(&self) -> Duration {
        match self {
            Self::DevCli(_) | Self::PowerShell(_) | Self::AzureCli(_) => program::RENEWAL_LIMIT,
            _ => token_cache::RENEWAL_LIMIT,
        }
    }

    /// Checks the client certificate before the first token request.
    pub(super) async fn check(&self) -> Result<(), CertificateError> {
        match self {
            Self::ClientCertificate(certificate) => certificate.check().await,
            _ => Ok(()),
        }
    }

    /// Requests a new token. Applications send the claims of a challenge to Microsoft Entra, and App Service gets the
    /// hash of the revoked token. The other methods may return the same token again.
    pub(super) async fn fetch(
        &self,
        request: TokenRequest<'_>,
        entra: &Entra,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        match self {
            Self::ClientCertificate(certificate) => certificate.fetch(request, entra).await,
            Self::ClientSecret(secret) => secret.fetch(request, entra).await,
            Self::Oidc(oidc) => oidc.fetch(request, entra).await,
            Self::ManagedIdentity(identity) => identity.fetch(request, entra).await,
            Self::EnvironmentToken(token) => token.read(request.resource()),
            Self::DevCli(cli) => cli.fetch(request).await,
            Self::PowerShell(powershell) => powershell.fetch(request).await,
            Self::AzureCli(cli) => cli.fetch(request).await,
        }
    }
}
