//! The authentication methods as one type.

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

/// A method that is configured completely.
#[derive(Debug)]
#[expect(private_interfaces, reason = "only the names are for others")]
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

/// The names in errors, for those who explain these errors.
impl Method {
    /// The token in `ARM_ACCESS_TOKEN`.
    pub const ENVIRONMENT_TOKEN: &str = EnvironmentToken::NAME;
    /// The account of the Azure CLI.
    pub const AZURE_CLI: &str = AzureCli::NAME;
    /// An application with a certificate.
    pub const CLIENT_CERTIFICATE: &str = ClientCertificate::NAME;
    /// The account of the Azure Developer CLI.
    pub const DEV_CLI: &str = DevCli::NAME;
    /// The identity of this machine.
    pub const MANAGED_IDENTITY: &str = ManagedIdentity::NAME;
    /// The account of Azure PowerShell.
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

    /// Whether it can request tokens in other tenants than its own.
    pub(super) fn reaches_other_tenants(&self) -> bool {
        !matches!(self, Self::ManagedIdentity(_) | Self::EnvironmentToken(_))
    }

    /// How long a caller may wait for a new token while the old one is valid. Longer than the limit
    /// of a program, which would otherwise be killed while it writes its files. Ctrl-C still kills it.
    pub(super) fn renewal_limit(&self) -> Duration {
        match self {
            Self::DevCli(_) | Self::PowerShell(_) | Self::AzureCli(_) => program::RENEWAL_LIMIT,
            _ => token_cache::RENEWAL_LIMIT,
        }
    }

    /// Checks what can be known before a login: the client certificate.
    pub(super) async fn check(&self) -> Result<(), CertificateError> {
        match self {
            Self::ClientCertificate(certificate) => certificate.check().await,
            _ => Ok(()),
        }
    }

    /// Requests a new token. Applications send the claims of a challenge to Microsoft Entra. App Service gets to know
    /// which token was revoked. The other methods get a token of another program, which may be the same one again.
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
